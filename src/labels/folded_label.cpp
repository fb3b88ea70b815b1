#include "labels/folded_label.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cctype>

namespace kiloword {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string folded_label(std::string_view text) {
  std::string folded;
  if (is_ascii(text)) {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (std::isspace(byte) == 0) folded += static_cast<char>(std::tolower(byte));
    }
    return folded;
  }
  icu::UnicodeString wide = icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
  wide.foldCase();
  icu::UnicodeString dense;
  for (int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
    if (!u_isUWhiteSpace(wide.char32At(i))) dense.append(wide.char32At(i));
  }
  return dense.toUTF8String(folded);
}

}  // namespace kiloword
