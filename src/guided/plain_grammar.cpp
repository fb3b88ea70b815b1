#include "guided/plain_grammar.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "guided/folded_text.h"
#include "guided/word_lists.h"
#include "kiloword/base/text.h"

namespace kiloword {
namespace {

constexpr size_t kMostPrepositions = 2;  // what goes on longer says where things are that it has not seen

bool contains(const std::vector<std::string_view>& sorted, std::string_view word) {
  return std::binary_search(sorted.begin(), sorted.end(), word);
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || is_upper(c) || (c >= 'a' && c <= 'z');
}

bool is_determiner(std::string_view word) {
  return word == "a" || word == "an" || word == "the" || word == "its" || word == "their";
}

bool is_verb(std::string_view word) {
  return word == "is" || word == "are";
}

bool is_conjunction(std::string_view word) {
  return word == "and" || word == "while";
}

bool is_preposition(std::string_view word) {
  return contains(plain_function_words(), word) && !is_determiner(word) && !is_verb(word) &&
         !is_conjunction(word);
}

bool is_number(std::string_view word) {
  static constexpr std::array<std::string_view, 5> kNumbers{"two", "three", "four", "several", "many"};
  return std::find(kNumbers.begin(), kNumbers.end(), word) != kNumbers.end();
}

/// Whether `end` stands behind a stem.
bool has_ending(std::string_view word, std::string_view end) {
  return word.size() > end.size() && ends_with(word, end);
}

/// Prepositions behind which nobody stands.
bool is_of_place(std::string_view word) {
  return !word.empty() && word != "with" && word != "of" && word != "near" && word != "by" && word != "to";
}

/// People and the animals that captions speak of.
bool is_living(const std::string& word) {
  static constexpr std::array<std::string_view, 4> kAnimals{"animal", "dog", "bird", "cat"};
  return contains(people_words(), word) ||
         std::find(kAnimals.begin(), kAnimals.end(), singular(word)) != kAnimals.end();
}

/// Words that only go before a noun.
bool is_adjective(std::string_view word) {
  return contains(adjectives(), word);
}

/// Whether "a" and "an" stand where they should before `word`; where letters do not tell, they do.
bool agrees(std::string_view article, std::string_view word) {
  const bool vowel = std::string_view("aeiou").find(word.front()) != std::string_view::npos;
  const bool unclear = word.front() == 'h' || word.front() == 'u' || word.substr(0, 2) == "on";
  if (article == "a") return !vowel || unclear;
  return article != "an" || vowel || unclear;
}

/// What begins anew after a verb: "a man riding bike" lacks an article.
bool is_action(std::string_view word) {
  static constexpr std::array<std::string_view, 8> kThings{"building", "swing",   "railing",  "string",
                                                           "ring",     "ceiling", "clothing", "painting"};
  static constexpr std::array<std::string_view, 14> kVerbs{"jumps", "runs",   "plays", "sits",   "stands",
                                                           "walks", "rides",  "swims", "climbs", "catches",
                                                           "leaps", "smiles", "jump",  "swim"};
  if (std::find(kVerbs.begin(), kVerbs.end(), word) != kVerbs.end()) return true;
  return has_ending(word, "ing") && std::find(kThings.begin(), kThings.end(), word) == kThings.end();
}

bool is_countable(const std::string& word, const std::unordered_set<std::string>& countable) {
  return contains(countable_nouns(), word) || countable.count(word) > 0;
}

/// The words between two function words, as they are read.
struct NounPhrase {
  std::string preposition;
  std::string determiner;  // an article, "its" or a number
  std::string last;
  bool lacks_determiner = false;
};

/// Whether `phrase` may end before `next`, which is empty at the end of the text. `is_joined`: "and" stands
/// before it.
bool may_end(const NounPhrase& phrase, std::string_view next, bool is_joined,
             const std::unordered_set<std::string>& countable) {
  if (phrase.lacks_determiner) return false;
  if (phrase.last.empty()) return true;
  if (is_adjective(phrase.last)) return false;
  if (is_of_place(phrase.preposition) && is_living(phrase.last)) return false;
  if (contains(uncountable_words(), phrase.last) && !phrase.determiner.empty() && phrase.determiner != "the")
    return false;
  const bool plural = singular(phrase.last) != phrase.last;
  const bool one = phrase.determiner == "a" || phrase.determiner == "an";
  const bool many = is_number(phrase.determiner);
  if (one && plural) return false;
  if (many && is_countable(phrase.last, countable)) return false;
  if (next == "is" && (plural || many || is_joined)) return false;
  return next != "are" || !one || is_joined;
}

std::string_view irregular_singular(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kTable{
      {{"men", "man"}, {"women", "woman"}, {"children", "child"}, {"people", "person"}, {"feet", "foot"}}};
  for (const auto& [plural, one] : kTable) {
    if (word == plural) return one;
  }
  return "";
}

}  // namespace

std::optional<std::vector<GrammarWord>> grammar_words(std::string_view text) {
  std::vector<GrammarWord> words;
  bool is_open = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_word_byte(c)) {
      if (!is_open) words.emplace_back();
      words.back().text += c;
      is_open = true;
      continue;
    }
    const bool is_end = c == '.' && i + 1 == text.size() && is_open;
    if (c != ' ' && !(c == '-' && is_open) && !is_end) return std::nullopt;
    is_open = false;
  }
  for (GrammarWord& word : words) {
    std::vector<std::string> folded = fold_text(word.text).words;
    if (folded.size() != 1) return std::nullopt;
    word.folded = std::move(folded.front());
  }
  return words;
}

std::string singular(const std::string& word) {
  if (const std::string_view one = irregular_singular(word); !one.empty()) return std::string(one);
  static constexpr std::array<std::string_view, 7> kNoPlurals{"bus",  "gas",   "tennis", "canvas",
                                                              "lens", "glass", "stairs"};
  if (std::find(kNoPlurals.begin(), kNoPlurals.end(), word) != kNoPlurals.end()) return word;
  if (!has_ending(word, "s") || has_ending(word, "ss") || has_ending(word, "us") || has_ending(word, "is"))
    return word;
  if (has_ending(word, "ies")) return word.substr(0, word.size() - 3) + "y";
  const bool has_e = has_ending(word, "ches") || has_ending(word, "shes") || has_ending(word, "sses") ||
                     has_ending(word, "xes");
  return word.substr(0, word.size() - (has_e ? 2 : 1));
}

bool may_follow(std::string_view before, std::string_view next) {
  const auto is_function = [](std::string_view word) { return contains(plain_function_words(), word); };
  if (!is_function(next)) return true;
  if (before.empty()) return is_determiner(next);
  if (!is_function(before)) return true;
  if (is_determiner(before)) return false;
  if (is_determiner(next)) return before != "while";
  return is_verb(before) && !is_verb(next) && !is_conjunction(next) && next != "of";
}

bool is_plain(const std::vector<GrammarWord>& words, const KnownNouns& nouns, bool finished) {
  NounPhrase phrase;
  std::string_view before;
  std::set<std::string> prepositions;
  bool is_joined = false;
  bool joins_adjectives = false;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i].folded;
    const bool is_function = contains(plain_function_words(), word);
    const size_t capitals = i == 0 || nouns.proper.count(word) > 0 ? 1 : 0;
    if (std::any_of(words[i].text.begin() + static_cast<std::ptrdiff_t>(capitals), words[i].text.end(),
                    is_upper))
      return false;
    if (!may_follow(before, word) || prepositions.size() > kMostPrepositions) return false;
    if (joins_adjectives && !is_adjective(word)) return false;  // "a black and a guitar"
    joins_adjectives = word == "and" && is_adjective(phrase.last);
    before = word;
    if (joins_adjectives) continue;
    if (is_function) {
      if (!may_end(phrase, word, is_joined, nouns.countable)) return false;
      const std::string preposition = is_determiner(word)    ? phrase.preposition
                                      : is_preposition(word) ? word
                                                             : "";
      if (is_preposition(word) && !prepositions.insert(word).second) return false;
      phrase = {preposition, is_determiner(word) ? word : "", "", false};
      is_joined = word == "and" || (is_joined && is_determiner(word));
    }
    if (is_function) continue;
    if (is_action(word) || contains(adverbs_of_place(), word)) {
      const bool is_noun =
          phrase.last.empty() && !phrase.determiner.empty();  // "a running of", "the outdoors"
      if (is_noun || !may_end(phrase, "", is_joined, nouns.countable)) return false;
      phrase = {};
      continue;
    }
    if (phrase.last.empty() && !agrees(phrase.determiner, word)) return false;
    if (is_number(word)) phrase.determiner = word;
    if (phrase.determiner.empty() && is_countable(word, nouns.countable)) phrase.lacks_determiner = true;
    phrase.last = word;
  }
  return !finished || (!joins_adjectives && may_end(phrase, "", is_joined, nouns.countable));
}

}  // namespace kiloword
