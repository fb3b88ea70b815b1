#include "tokenizer/repair_text.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "tokenizer/html_entities.h"

namespace kiloword {
namespace {

// Each round undoes one level of escaping; nobody escapes so often but to keep a program busy.
constexpr int kMaxRounds = 32;

struct Spelling {
  char32_t ligature;
  std::string_view letters;
};
constexpr std::array<Spelling, 22> kLigatures{
    {{0x0132, "IJ"},      {0x0133, "ij"},      {0x0149, "\u02BCn"}, {0x01F1, "DZ"},      {0x01F2, "Dz"},
     {0x01F3, "dz"},      {0x01C4, "D\u017D"}, {0x01C5, "D\u017E"}, {0x01C6, "d\u017E"}, {0x01C7, "LJ"},
     {0x01C8, "Lj"},      {0x01C9, "lj"},      {0x01CA, "NJ"},      {0x01CB, "Nj"},      {0x01CC, "nj"},
     {0xFB00, "ff"},      {0xFB01, "fi"},      {0xFB02, "fl"},      {0xFB03, "ffi"},     {0xFB04, "ffl"},
     {0xFB05, "\u017Ft"}, {0xFB06, "st"}}};

/// Windows-1252 from 0x80 on; 0 where it has nothing.
constexpr std::array<char32_t, 32> kWindows1252{
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

bool in(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}

bool is_dropped(char32_t c) {
  return c < 0x09 || c == 0x0B || in(c, 0x0E, 0x1F) || c == 0x7F || in(c, 0x206A, 0x206F) || c == 0xFEFF ||
         in(c, 0xFFF9, 0xFFFC);
}

const icu::Normalizer2& normalizer(bool compatible) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found =
      compatible ? icu::Normalizer2::getNFKCInstance(status) : icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) throw Error(ErrorKind::kInternal, "ICU has no normalization");
  return *found;
}

std::string normalized(std::string_view text, bool compatible) {
  UErrorCode status = U_ZERO_ERROR;
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  normalizer(compatible)
      .normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink, nullptr,
                     status);
  if (U_FAILURE(status)) throw Error(ErrorKind::kInternal, "text cannot be normalized");
  return out;
}

void append_repaired(std::string& out, std::string_view bytes, char32_t c) {
  const auto is_it = [c](const Spelling& known) { return known.ligature == c; };
  if (in(c, 0x80, 0x9F) && kWindows1252.at(c - 0x80) != 0) c = kWindows1252.at(c - 0x80);
  if (is_dropped(c)) return;
  if (c == 0x02BC || in(c, 0x2018, 0x201B)) {
    out += '\'';
  } else if (in(c, 0x201C, 0x201F)) {
    out += '"';
  } else if (c == 0x3000) {
    out += ' ';
  } else if (in(c, 0xFF01, 0xFFEF)) {
    out += normalized(bytes, /*compatible=*/true);
  } else if (const auto* found = std::find_if(kLigatures.begin(), kLigatures.end(), is_it);
             found != kLigatures.end()) {
    out += found->letters;
  } else {
    append_utf8(out, c);
  }
}

/// How long a terminal's escape sequence at the start of `text` is: ESC [ digits and semicolons, a letter.
size_t escape_length(std::string_view text) {
  if (text.substr(0, 2) != "\x1B[") return 0;
  const size_t end = text.find_first_not_of("0123456789;", 2);
  if (end == std::string_view::npos) return 0;
  const char letter = static_cast<char>(text[end] | 0x20);
  return letter >= 'a' && letter <= 'z' ? end + 1 : 0;
}

std::string repair_once(std::string_view line, bool unescape) {
  const std::string text = unescape ? unescape_html(line) : std::string(line);
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    if (const size_t length = escape_length(std::string_view(text).substr(at)); length > 0) {
      at += length;
      continue;
    }
    const DecodedCodePoint c = decode_utf8(text, at);
    append_repaired(out, std::string_view(text).substr(at, c.length), c.code_point);
    at += c.length;
  }
  return compose(out);
}

bool needs_nothing(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= ' ' && c <= '~' && c != '&') || c == '\n' || c == '\t'; });
}

}  // namespace

std::string compose(std::string_view text) {
  const bool ascii =
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? std::string(text) : normalized(text, /*compatible=*/false);
}

std::string repair_text(std::string_view text) {
  if (needs_nothing(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    std::string line(text.substr(0, end));
    text.remove_prefix(end);
    const bool unescape = line.find('<') == std::string::npos;
    for (int round = 0; round < kMaxRounds; ++round) {
      std::string repaired = repair_once(line, unescape);
      if (repaired == line) break;
      line = std::move(repaired);
    }
    out += line;
  }
  return out;
}

}  // namespace kiloword
