#include "tokenizer/unigram_tokenizer.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <unordered_map>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/character_classes.h"
#include "tokenizer/checked_text.h"
#include "tokenizer/replace_all.h"

namespace kiloword {
namespace {

constexpr size_t kMaxTextMib = 1;
constexpr size_t kMaxPieceBytes = 1024;  // which a search for pieces may take at every place of a text
constexpr double kUnknownPenalty = 10;
constexpr std::string_view kSpaceMark = "\u2581";

void check_icu(UErrorCode status) {
  if (U_FAILURE(status) != 0)
    throw Error(ErrorKind::kInternal, std::string("ICU: ") + u_errorName(status), "", "report this");
}

/// Calls `use` for each grapheme cluster of `text`, valid UTF-8.
template <typename Use>
void for_graphemes(std::string_view text, const Use& use) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UText, UText* (*)(UText*)> source(
      utext_openUTF8(nullptr, text.data(), static_cast<int64_t>(text.size()), &status), utext_close);
  const std::unique_ptr<UBreakIterator, void (*)(UBreakIterator*)> breaks(
      ubrk_open(UBRK_CHARACTER, "", nullptr, 0, &status), ubrk_close);
  if (U_SUCCESS(status) != 0) ubrk_setUText(breaks.get(), source.get(), &status);
  check_icu(status);
  int32_t begin = ubrk_first(breaks.get());
  for (int32_t end = ubrk_next(breaks.get()); end != UBRK_DONE; end = ubrk_next(breaks.get())) {
    use(text.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin)));
    begin = end;
  }
}

/// Runs of two or more spaces of `text` as `gap`.
std::string with_gaps(std::string_view text, std::string_view gap) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find_first_not_of(' ', at), text.size());
    if (end - at >= 2) {
      result += gap;
    } else {
      result += text.substr(at, std::max<size_t>(end - at, 1));
    }
    at = std::max(end, at + 1);
  }
  return result;
}

/// Parts of `text` between white space.
std::vector<std::string_view> split_at_space(std::string_view text) {
  std::vector<std::string_view> words;
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    const DecodedCodePoint next = decode_utf8(text, at);
    if (is_white_space(next.code_point)) {
      if (at > begin) words.push_back(text.substr(begin, at - begin));
      begin = at + next.length;
    }
    at += next.length;
  }
  if (begin < text.size()) words.push_back(text.substr(begin));
  return words;
}

}  // namespace

UnigramTokenizer::UnigramTokenizer(UnigramVocabulary vocabulary, const std::string& path)
    : vocabulary_(std::move(vocabulary)) {
  const auto fail = [&path](const char* what) {
    throw Error(ErrorKind::kModel, what, path, "download the tokenizer files again");
  };
  if (piece(vocabulary_.unknown_id).empty()) fail("a vocabulary without an unknown piece");
  if (!vocabulary_.character_map.empty() && !map_.read(vocabulary_.character_map))
    fail("its character map is corrupt");
  std::vector<bool> is_mark(vocabulary_.pieces.size());
  for (const int32_t id : vocabulary_.marks) {
    if (!contains(id)) fail("a mark that is not a piece");
    is_mark[static_cast<size_t>(id)] = true;
  }
  double lowest = std::numeric_limits<double>::infinity();
  std::vector<PieceTable::Piece> found;
  found.reserve(vocabulary_.pieces.size());
  for (int32_t id = 0; id < vocab_size(); ++id) {
    const ScoredPiece& piece = vocabulary_.pieces[static_cast<size_t>(id)];
    lowest = std::min(lowest, piece.score);
    if (piece.text.size() > kMaxPieceBytes) fail("a piece is longer than 1024 bytes");
    if (!piece.text.empty() && !is_mark[static_cast<size_t>(id)] && id != vocabulary_.unknown_id)
      found.push_back({piece.text, id});
  }
  unknown_score_ = lowest - kUnknownPenalty;
  table_ = PieceTable(found);
  if (vocabulary_.byte_fallback) read_bytes(path);
  read_added_tokens();
}

void UnigramTokenizer::read_bytes(const std::string& path) {
  std::unordered_map<std::string_view, int32_t> ids;
  for (int32_t id = 0; id < vocab_size(); ++id)
    ids.emplace(vocabulary_.pieces[static_cast<size_t>(id)].text, id);
  for (int byte = 0; byte < 256; ++byte) {
    const std::string name = fallback_spelling(static_cast<uint8_t>(byte));
    const auto found = ids.find(name);
    if (found == ids.end()) {
      throw Error(ErrorKind::kModel, "a vocabulary with byte_fallback that lacks the piece " + name, path,
                  "download the tokenizer files again");
    }
    bytes_.push_back(found->second);
  }
}

void UnigramTokenizer::read_added_tokens() {
  for (const AddedToken& token : vocabulary_.added) {
    const std::string content = token.normalized ? normalize(token.content) : token.content;
    if (content.empty()) continue;
    (token.normalized ? added_.normalized : added_.as_given)
        .add(content, static_cast<int32_t>(token.id), token.reach);
  }
}

/// As the library does it: a grapheme of up to five bytes is looked for as a whole, a longer one and one that
/// is not found character by character.
std::string UnigramTokenizer::normalize(std::string_view text) const {
  constexpr size_t kLongGrapheme = 6;
  std::string mapped;
  if (vocabulary_.character_map.empty()) {
    mapped = text;
  } else {
    for_graphemes(text, [&](std::string_view grapheme) {
      const auto whole = grapheme.size() < kLongGrapheme ? map_.replacement(grapheme) : std::nullopt;
      if (whole) {
        mapped += *whole;
        return;
      }
      for (size_t at = 0; at < grapheme.size();) {
        const std::string_view character = grapheme.substr(at, decode_utf8(grapheme, at).length);
        mapped += map_.replacement(character).value_or(character);
        at += character.size();
      }
    });
  }
  if (vocabulary_.strips_start) mapped.erase(0, mapped.size() - without_space_before(mapped).size());
  if (vocabulary_.strips_end) mapped.resize(without_space_behind(mapped).size());
  return vocabulary_.gap.empty() ? mapped : with_gaps(mapped, vocabulary_.gap);
}

std::vector<int32_t> UnigramTokenizer::encode(std::string_view text) const {
  const std::string checked = checked_text(text, kMaxTextMib);
  return added_.encode(
      checked, [this](std::string_view given) { return normalize(given); },
      [this](std::string_view normal, std::vector<int32_t>& ids) { append_words(normal, ids); });
}

/// A normalised text between added tokens: the first one is before all ids.
void UnigramTokenizer::append_words(std::string_view text, std::vector<int32_t>& ids) const {
  const SpacePrefix prefix = vocabulary_.prefix;
  const bool prefixed = prefix == SpacePrefix::kAlways || (prefix == SpacePrefix::kFirst && ids.empty());
  if (!vocabulary_.splits_at_space) {
    append_marked(replace_all(text, " ", kSpaceMark), prefixed, ids);
    return;
  }
  for (const std::string_view word : split_at_space(text)) append_marked(word, prefixed, ids);
}

/// A text whose spaces are marks: each mark begins a word.
void UnigramTokenizer::append_marked(std::string_view text, bool prefixed, std::vector<int32_t>& ids) const {
  std::string marked(text);
  if (prefixed && text.substr(0, kSpaceMark.size()) != kSpaceMark) marked.insert(0, kSpaceMark);
  for (size_t begin = 0; begin < marked.size();) {
    const size_t end = std::min(marked.find(kSpaceMark, begin + kSpaceMark.size()), marked.size());
    append_word(std::string_view(marked).substr(begin, end - begin), ids);
    begin = end;
  }
}

/// Viterbi's algorithm: the best score of every place of the word, and the piece that leads to it.
void UnigramTokenizer::append_word(std::string_view word, std::vector<int32_t>& ids) const {
  struct Best {
    double score = 0;
    size_t begin = std::string_view::npos;
    int32_t id = -1;
  };
  std::vector<Best> best(word.size() + 1);
  const auto reach = [&best](size_t begin, size_t end, int32_t id, double score) {
    if (best[end].begin == std::string_view::npos || score > best[end].score) best[end] = {score, begin, id};
  };
  for (size_t at = 0; at < word.size();) {
    const size_t character = decode_utf8(word, at).length;
    const double before = best[at].score;
    bool is_known = false;
    table_.for_prefixes(word.substr(at), [&](int32_t id, size_t bytes) {
      is_known = is_known || bytes == character;
      reach(at, at + bytes, id, vocabulary_.pieces[static_cast<size_t>(id)].score + before);
    });
    if (!is_known) reach(at, at + character, vocabulary_.unknown_id, unknown_score_ + before);
    at += character;
  }
  std::vector<int32_t> found;  // the last first
  for (size_t end = word.size(); end > 0; end = best[end].begin) {
    const int32_t id = best[end].id;
    const bool is_unknown = id == vocabulary_.unknown_id;
    if (is_unknown && !bytes_.empty()) {
      for (size_t at = end; at > best[end].begin; --at)
        found.push_back(bytes_[static_cast<uint8_t>(word[at - 1])]);
      continue;
    }
    const bool goes_on = is_unknown && !found.empty() && found.back() == id;
    if (!goes_on) found.push_back(id);
  }
  ids.insert(ids.end(), found.rbegin(), found.rend());
}

std::string UnigramTokenizer::decode(const std::vector<int32_t>& ids) const {
  std::string text;
  for (const int32_t id : ids) {
    const bool is_mark =
        std::find(vocabulary_.marks.begin(), vocabulary_.marks.end(), id) != vocabulary_.marks.end();
    if (!is_mark) text += piece(id);
  }
  text = replace_all(text, kSpaceMark, " ");
  return to_valid_utf8(text.substr(0, 1) == " " ? text.substr(1) : text);
}

std::string UnigramTokenizer::piece(int32_t id) const {
  return contains(id) ? vocabulary_.pieces[static_cast<size_t>(id)].text : std::string();
}

}  // namespace kiloword
