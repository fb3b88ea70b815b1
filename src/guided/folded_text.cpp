#include "guided/folded_text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

constexpr UChar32 kModifierApostrophe = 0x2BC;  // by class a letter, in use an apostrophe
constexpr UChar32 kFirstNonAscii = 0x80;
constexpr UChar32 kFirstMark = 0x300;
constexpr UChar32 kFirstUnspaced = 0xE00;  // Thai: no script below is written without spaces

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool has_category(UChar32 c, uint32_t mask) {
  return (U_GET_GC_MASK(c) & mask) != 0;
}

/// Other numbers (superscripts, fractions) are skipped: "cat" with a footnote sign is still "cat".
bool belongs_to_word(UChar32 c) {
  if (c < kFirstNonAscii) return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  return c != kModifierApostrophe &&
         (has_category(c, U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK | U_GC_NL_MASK) ||
          u_isUAlphabetic(c) != 0);
}

/// What no reader sees, and what is dropped before a description is shown.
bool is_invisible(UChar32 c) {
  if (c < kFirstNonAscii) return c == 0x7F || (c < ' ' && !(c >= '\t' && c <= '\r'));
  return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0 ||
         (u_charType(c) == U_CONTROL_CHAR && u_isUWhiteSpace(c) == 0);
}

/// Overlays, Hebrew, Arabic and Syriac points, and the marks around letters of any script. Combining classes
/// in between and 0 are those of signs that spell.
bool is_accent(UChar32 c) {
  if (c < kFirstMark) return false;
  const uint8_t combining_class = u_getCombiningClass(c);
  return combining_class == 1 || (combining_class >= 10 && combining_class <= 36) || combining_class >= 200 ||
         u_charType(c) == U_ENCLOSING_MARK;
}

bool is_unspaced(UChar32 c) {
  if (c < kFirstUnspaced) return false;
  switch (u_getIntPropertyValue(c, UCHAR_LINE_BREAK)) {
    case U_LB_IDEOGRAPHIC:
    case U_LB_CONDITIONAL_JAPANESE_STARTER:
    case U_LB_NONSTARTER:
    case U_LB_COMPLEX_CONTEXT:
      return true;
    default:
      return false;
  }
}

/// NFD of NFKC_Casefold. What is no part of a word is a space before that: the letters of a trade mark sign
/// must not join the word in front of it.
icu::UnicodeString normalize(std::string_view text) {
  icu::UnicodeString visible;
  for (size_t i = 0; i < text.size();) {
    const DecodedCodePoint decoded = decode_utf8(text, i);
    i += decoded.length;
    const auto c = static_cast<UChar32>(decoded.code_point);
    if (!is_invisible(c)) visible.append(belongs_to_word(c) ? c : UChar32{' '});
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* casefold = icu::Normalizer2::getNFKCCasefoldInstance(status);
  const icu::Normalizer2* decompose = icu::Normalizer2::getNFDInstance(status);
  if (U_FAILURE(status)) throw Error(ErrorKind::kInternal, "Unicode normalization data is missing");
  icu::UnicodeString folded = decompose->normalize(casefold->normalize(visible, status), status);
  if (U_FAILURE(status)) throw Error(ErrorKind::kInternal, "text cannot be normalized");
  return folded;
}

/// The general rules come to this for ASCII, which most texts are.
FoldedText fold_ascii(std::string_view text) {
  FoldedText folded;
  for (const char c : text) {
    if (belongs_to_word(c)) {
      if (!folded.open_end) folded.words.emplace_back();
      folded.words.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
      folded.open_end = true;
    } else if (!is_invisible(c)) {
      folded.open_end = false;
    }
  }
  return folded;
}

}  // namespace

FoldedText fold_text(std::string_view text) {
  if (is_ascii(text)) return fold_ascii(text);
  const icu::UnicodeString normal = normalize(text);
  FoldedText folded;
  bool in_unspaced = false;
  for (int32_t i = 0; i < normal.length(); i = normal.moveIndex32(i, 1)) {
    const UChar32 c = normal.char32At(i);
    if (is_accent(c)) continue;
    if (!belongs_to_word(c)) {
      folded.open_end = false;
      continue;
    }
    const bool mark = has_category(c, U_GC_M_MASK);
    const bool unspaced = !mark && is_unspaced(c);
    if (!folded.open_end || (!mark && (unspaced || in_unspaced))) folded.words.emplace_back();
    append_utf8(folded.words.back(), static_cast<char32_t>(c));
    folded.open_end = true;
    if (!mark) in_unspaced = unspaced;
  }
  return folded;
}

}  // namespace kiloword
