#include "kiloword/pipeline/sentence.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

constexpr std::string_view kPrefix = "[Image Attached: ";
constexpr char32_t kEllipsis = 0x2026;

template <size_t N>
bool contains(const std::array<char32_t, N>& list, char32_t c) {
  return std::find(list.begin(), list.end(), c) != list.end();
}

bool is_opening_bracket(char32_t c) {
  // [ full-width, vertical, white square (two), lenticular (two), with quill, light tortoise shell, square
  // with underbar, with ticks (two), ceiling, floor, pieces of tall brackets, half, with stroke (two)
  constexpr std::array<char32_t, 20> kOpening{U'[',   0xFF3B, 0xFE47, 0x27E6, 0x301A, 0x3010, 0x3016,
                                              0x2045, 0x2772, 0x298B, 0x298D, 0x298F, 0x2308, 0x230A,
                                              0x23A1, 0x23A2, 0x23A3, 0x2E22, 0x2E55, 0x2E57};
  return contains(kOpening, c);
}

bool is_closing_bracket(char32_t c) {
  constexpr std::array<char32_t, 20> kClosing{U']',   0xFF3D, 0xFE48, 0x27E7, 0x301B, 0x3011, 0x3017,
                                              0x2046, 0x2773, 0x298C, 0x298E, 0x2990, 0x2309, 0x230B,
                                              0x23A4, 0x23A5, 0x23A6, 0x2E23, 0x2E56, 0x2E58};
  return contains(kClosing, c);
}

/// The colon and its look-alikes: full-width, small, vertical, ratio, modifier letters, Armenian and Hebrew
/// stops.
bool is_colon(char32_t c) {
  constexpr std::array<char32_t, 10> kColons{U':',   0xFF1A, 0xFE55, 0xFE13, 0x2236,
                                             0xA789, 0x02F8, 0x02D0, 0x0589, 0x05C3};
  return contains(kColons, c);
}

/// Quotation marks, primes that look like them, and the grave accent; not the apostrophe itself.
bool is_quote(char32_t c) {
  constexpr std::array<char32_t, 24> kQuotes{U'"',   U'`',   0x00AB, 0x00BB, 0x2018, 0x201A, 0x201B, 0x201C,
                                             0x201D, 0x201E, 0x201F, 0x2033, 0x2036, 0x2039, 0x203A, 0x275B,
                                             0x275C, 0x275D, 0x275E, 0x301D, 0x301E, 0x301F, 0xFF02, 0xFF40};
  return contains(kQuotes, c);
}

bool is_less_than(char32_t c) {
  constexpr std::array<char32_t, 4> kSigns{U'<', 0xFF1C, 0xFE64, 0x3008};
  return contains(kSigns, c);
}

bool is_greater_than(char32_t c) {
  constexpr std::array<char32_t, 4> kSigns{U'>', 0xFF1E, 0xFE65, 0x3009};
  return contains(kSigns, c);
}

/// A code point of foreign words as it may stand in a quotation.
char32_t quotable(char32_t c) {
  if (is_quote(c)) return U'\'';
  if (is_less_than(c)) return U'(';
  return is_greater_than(c) ? U')' : c;
}

bool is_dropped(char32_t c) {
  const auto point = static_cast<UChar32>(c);
  return u_charType(point) == U_CONTROL_CHAR ||
         u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

bool is_space(char32_t c) {
  return u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
}

/// The first `count` code points of `text`, which is valid UTF-8, the last of them an ellipsis if any were
/// cut.
std::string cut(const std::string& text, size_t count) {
  size_t end = 0;
  size_t kept_end = 0;  // where all but the last of `count` end
  for (size_t i = 0; i < count && end < text.size(); ++i) {
    kept_end = end;
    end += decode_utf8(text, end).length;
  }
  if (end == text.size()) return text;
  std::string shorter = text.substr(0, kept_end);
  append_utf8(shorter, kEllipsis);
  return shorter;
}

}  // namespace

std::string neutralize(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  bool space_before_next = false;
  for (size_t i = 0; i < text.size();) {
    const DecodedCodePoint c = decode_utf8(text, i);
    i += c.length;
    if (is_space(c.code_point)) {
      space_before_next = !safe.empty();
      continue;
    }
    if (is_dropped(c.code_point)) continue;
    if (space_before_next) safe += ' ';
    space_before_next = false;
    if (is_opening_bracket(c.code_point)) {
      safe += '(';
    } else if (is_closing_bracket(c.code_point)) {
      safe += ')';
    } else {
      append_utf8(safe, c.code_point);
    }
  }
  return safe;
}

std::string read_statement(const std::vector<std::string>& lines) {
  std::string words;
  for (const std::string& line : lines) {
    const std::string safe = neutralize(line);
    if (safe.empty()) continue;
    if (!words.empty()) words += " / ";
    for (size_t i = 0; i < safe.size();) {
      const DecodedCodePoint c = decode_utf8(safe, i);
      i += c.length;
      append_utf8(words, quotable(c.code_point));
    }
  }
  if (words.empty()) return "";
  return "The text reads \"" + cut(words, kMaxReadCodePoints) + "\".";
}

std::string neutralize_author(std::string_view author) {
  const std::string safe = neutralize(author);
  std::string name;
  for (size_t i = 0; i < safe.size();) {
    const DecodedCodePoint c = decode_utf8(safe, i);
    i += c.length;
    append_utf8(name, is_colon(c.code_point) ? U'-' : c.code_point);
  }
  return cut(name, kMaxAuthorCodePoints);
}

std::string compose_sentence(const std::vector<std::string>& statements, std::string_view author) {
  std::string said;
  for (const std::string& statement : statements) {
    const std::string safe = neutralize(statement);
    if (safe.empty()) continue;
    if (!said.empty()) said += ' ';
    said += safe;
  }
  if (said.empty()) said = kNothingToSay;
  const std::string speaker = neutralize_author(author);
  std::string sentence = speaker.empty() ? "" : speaker + ": ";
  sentence += kPrefix;
  return sentence + said + "]";
}

std::string_view said_text(std::string_view sentence) {
  const size_t begin = sentence.find(kPrefix);
  if (begin == std::string_view::npos || sentence.back() != ']') return "";
  sentence.remove_prefix(begin + kPrefix.size());
  sentence.remove_suffix(1);
  return sentence == kNothingToSay ? std::string_view() : sentence;
}

}  // namespace kiloword
