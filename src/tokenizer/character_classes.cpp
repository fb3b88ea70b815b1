#include "tokenizer/character_classes.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <cstdint>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

bool has_category(char32_t c, uint32_t mask) {
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & mask) != 0;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

bool is_mark(char32_t c) {
  return has_category(c, U_GC_M_MASK);
}

bool is_letter(char32_t c) {
  if (c < 0x80) return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
  return has_category(c, U_GC_L_MASK);
}

bool is_number(char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9';
  return has_category(c, U_GC_N_MASK);
}

bool is_white_space(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= '\t' && c <= '\r');
  return u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
}

bool is_strippable(char32_t c) {
  return is_white_space(c) || (c >= 0x1C && c <= 0x1F);
}

size_t last_code_point(std::string_view text) {
  size_t start = text.size() - 1;
  while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
  return start;
}

std::string_view without_space_behind(std::string_view text) {
  while (!text.empty()) {
    const size_t last = last_code_point(text);
    if (!is_white_space(decode_utf8(text, last).code_point)) break;
    text.remove_suffix(text.size() - last);
  }
  return text;
}

std::string_view without_space_before(std::string_view text) {
  while (!text.empty()) {
    const DecodedCodePoint first = decode_utf8(text, 0);
    if (!is_white_space(first.code_point)) break;
    text.remove_prefix(first.length);
  }
  return text;
}

std::string_view strip(std::string_view text) {
  while (!text.empty()) {
    const DecodedCodePoint first = decode_utf8(text, 0);
    if (!is_strippable(first.code_point)) break;
    text.remove_prefix(first.length);
  }
  while (!text.empty()) {
    const size_t last = last_code_point(text);
    if (!is_strippable(decode_utf8(text, last).code_point)) break;
    text.remove_suffix(text.size() - last);
  }
  return text;
}

std::string collapse_white_space(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool in_space = false;
  for (size_t i = 0; i < text.size();) {
    const DecodedCodePoint c = decode_utf8(text, i);
    const bool space = is_white_space(c.code_point);
    if (!space) {
      out.append(text, i, c.length);
    } else if (!in_space) {
      out += ' ';
    }
    in_space = space;
    i += c.length;
  }
  return out;
}

std::string lower_each(std::string_view text) {
  constexpr char32_t kDottedCapitalI = 0x130;  // the only letter whose lower case is two characters
  std::string lower;
  lower.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const DecodedCodePoint c = decode_utf8(text, at);
    if (c.code_point == kDottedCapitalI) {
      lower += "i\u0307";
    } else {
      append_utf8(lower, static_cast<char32_t>(u_tolower(static_cast<UChar32>(c.code_point))));
    }
    at += c.length;
  }
  return lower;
}

std::string to_lower(std::string_view text) {
  std::string lower;
  if (is_ascii(text)) {
    lower.resize(text.size());
    std::transform(text.begin(), text.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return lower;
  }
  UErrorCode status = U_ZERO_ERROR;
  icu::StringByteSink<std::string> sink(&lower);
  icu::CaseMap::utf8ToLower("", 0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink,
                            nullptr, status);
  if (U_FAILURE(status)) throw Error(ErrorKind::kInternal, "text cannot be lower-cased");
  return lower;
}

}  // namespace kiloword
