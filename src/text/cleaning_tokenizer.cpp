#include "kiloword/text/cleaning_tokenizer.h"

#include "kiloword/base/utf8.h"
#include "text/character_classes.h"

namespace kiloword {
namespace {

bool is_ascii_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

}  // namespace

std::string clean_text(std::string_view text, TextCleaning cleaning) {
  std::string lower = to_lower(to_valid_utf8(text));
  if (cleaning == TextCleaning::kLower) return lower;
  std::string kept;
  kept.reserve(lower.size());
  for (const char c : lower) {
    if (c == '_') {
      kept += ' ';
    } else if (!is_ascii_punctuation(c)) {
      kept += c;
    }
  }
  return std::string(strip(collapse_white_space(kept)));
}

}  // namespace kiloword
