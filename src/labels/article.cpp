#include "kiloword/labels/article.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string>

#include "kiloword/base/ascii.h"
#include "kiloword/base/utf8.h"
#include "labels/text_rules.h"

namespace kiloword {
namespace {

constexpr std::string_view kA = "a";
constexpr std::string_view kAn = "an";

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

template <size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

template <size_t N>
bool any_prefix(const std::array<std::string_view, N>& prefixes, std::string_view text) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [text](std::string_view prefix) { return starts_with(text, prefix); });
}

/// Whether the name of the letter begins with a vowel sound: "an F", "a U".
bool letter_takes_an(char letter) {
  constexpr std::string_view kVowelNames = "AEFHILMNORSX";
  return kVowelNames.find(static_cast<char>(std::toupper(static_cast<unsigned char>(letter)))) !=
         std::string_view::npos;
}

bool is_accented_vowel(char32_t c) {
  const bool latin1 =
      (c >= 0xC0 && c <= 0xD6 && c != 0xC7 && c != 0xD0 && c != 0xD1) || (c >= 0xD8 && c <= 0xDC) ||
      (c >= 0xE0 && c <= 0xF6 && c != 0xE7 && c != 0xF0 && c != 0xF1) || (c >= 0xF8 && c <= 0xFC);
  const bool extended = (c >= 0x100 && c <= 0x105) || (c >= 0x112 && c <= 0x11B) ||
                        (c >= 0x128 && c <= 0x131) || (c >= 0x14C && c <= 0x153) ||
                        (c >= 0x168 && c <= 0x173);
  return latin1 || extended;
}

/// `number`: digits, with commas where the text groups thousands. Said from its first group of three: "8" of
/// 8,000, "18" of 18,000; four digits without a comma are read as a year, from the first two.
bool number_takes_an(std::string_view number) {
  const size_t comma = number.find(',');
  std::string_view group = number.substr(0, comma);
  if (comma == std::string_view::npos && number.size() == 4) {
    group = number.substr(0, 2);
  } else if (group.size() > 3) {
    group = group.substr(0, (group.size() - 1) % 3 + 1);
  }
  return group.front() == '8' || group == "11" || group == "18";
}

/// The leading number of `text`, which begins with a digit.
std::string_view leading_number(std::string_view text) {
  size_t end = 0;
  while (end < text.size() &&
         (is_digit(text[end]) || (text[end] == ',' && end + 1 < text.size() && is_digit(text[end + 1])))) {
    ++end;
  }
  return text.substr(0, end);
}

/// Words in capitals that are said as words although their first letter's name sounds different from the
/// letter.
constexpr std::array<std::string_view, 26> kSpokenAcronyms{
    "EULA", "SUSE", "NASA", "NATO", "LEGO", "FIFA", "RAM",  "ROM", "LAN",  "SIM",  "SWAT", "MIDI", "NAS",
    "RAID", "SARS", "MERS", "FEMA", "NOAA", "RISC", "MIPS", "HUD", "SOHO", "LAMP", "SCSI", "MOMA", "HEMA"};

/// Capitals that are spelled out: two or more, perhaps with a plural s. Five and more with a vowel are taken
/// for a word that is written large.
bool is_spelled_acronym(std::string_view word) {
  if (word.size() > 2 && word.back() == 's') word.remove_suffix(1);
  if (word.size() < 2 || !std::all_of(word.begin(), word.end(), is_upper)) return false;
  if (contains(kSpokenAcronyms, word)) return false;
  return word.size() < 5 || word.find_first_of("AEIOUY") == std::string_view::npos;
}

/// The letters that `text` begins with, accented ones too.
std::string_view first_word(std::string_view text) {
  constexpr char32_t kFirstAccented = 0xC0;
  constexpr char32_t kPunctuation = 0x2000;
  size_t end = 0;
  while (end < text.size()) {
    const DecodedCodePoint c = decode_utf8(text, end);
    const bool accented = c.code_point >= kFirstAccented && c.code_point < kPunctuation;
    if (!accented && !is_letter(text[end])) break;
    end += c.length;
  }
  return text.substr(0, end);
}

/// `word` in lower case, decided by its beginning.
bool word_takes_an(std::string_view word) {
  // A silent h, and a y that is a vowel.
  constexpr std::array<std::string_view, 8> kSilentFirst{"hour", "honor", "honour", "honest",
                                                         "heir", "ytt",   "ygg",    "yps"};
  if (any_prefix(kSilentFirst, word)) return true;
  constexpr std::array<std::string_view, 4> kHerb{"herb", "herbs", "herbal",
                                                  "hors"};  // American; hors d'oeuvre
  if (contains(kHerb, word)) return true;
  if (std::string_view("aeiou").find(word.front()) == std::string_view::npos) return false;

  // Vowel letters said as in "un-", where the rule below hears "you".
  constexpr std::array<std::string_view, 9> kTrueVowel{"euler", "unin", "unim", "uniden", "uniron",
                                                       "uniss", "ukiy", "ewok", "usher"};
  if (any_prefix(kTrueVowel, word)) return true;
  constexpr std::array<std::string_view, 28> kYouOrW{
      "unesco", "eu",     "ew",  "uni", "unanim", "unary",  "use",    "usa",  "usu", "usi",
      "ute",    "uti",    "uto", "uta", "uri",    "ura",    "ure",    "uro",  "uru", "uk",
      "ubiq",   "uganda", "ufo", "uvu", "uve",    "uyghur", "uighur", "ouija"};
  if (any_prefix(kYouOrW, word)) return false;
  constexpr std::array<std::string_view, 7> kOne{"one",    "once",    "ones",   "oneself",
                                                 "onesie", "onesies", "onetime"};
  return !contains(kOne, word);
}

}  // namespace

std::string_view indefinite_article(std::string_view text) {
  // The first letter or digit; anything beyond ASCII ends the search, so that "“hour”" is found behind its
  // quote.
  size_t start = 0;
  while (start < text.size() && !is_letter(text[start]) && !is_digit(text[start])) {
    const DecodedCodePoint c = decode_utf8(text, start);
    if (is_accented_vowel(c.code_point)) return kAn;
    const bool punctuation = c.code_point < 0x80 || (c.code_point >= 0x2010 && c.code_point <= 0x201F) ||
                             c.code_point == 0xAB || c.code_point == 0xBF || c.code_point == 0xA1;
    if (!punctuation) return kA;
    start += c.length;
  }
  text.remove_prefix(start);
  if (text.empty()) return kA;
  if (is_digit(text.front())) return number_takes_an(leading_number(text)) ? kAn : kA;

  const std::string_view word = first_word(text);
  const bool elided =
      text.substr(word.size(), 1) == "'" || starts_with(text.substr(word.size()), "\u2019");  // L'Oreal
  if ((word.size() == 1 && !elided) || is_spelled_acronym(word))
    return letter_takes_an(word.front()) ? kAn : kA;
  const std::string lower = ascii_lower(word.substr(0, 16));  // no exception is longer
  return word_takes_an(lower) ? kAn : kA;
}

}  // namespace kiloword
