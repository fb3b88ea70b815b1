#include "kiloword/tokenizer/cleaning_tokenizer.h"

#include "kiloword/base/utf8.h"
#include "tokenizer/character_classes.h"
#include "tokenizer/html_entities.h"
#include "tokenizer/repair_text.h"

namespace kiloword {
namespace {

bool is_ascii_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

std::string repaired(std::string_view valid) {
  const std::string unescaped = unescape_html(unescape_html(repair_text(valid)));
  return std::string(strip(unescaped));
}

std::string canonical(std::string_view valid, bool keeps_gap) {
  const std::string lower = to_lower(valid);
  std::string kept;
  kept.reserve(lower.size());
  for (const char c : lower) {
    if (keeps_gap && c == '_') {
      kept += ' ';
    } else if (!is_ascii_punctuation(c)) {
      kept += c;
    }
  }
  return std::string(strip(collapse_white_space(kept)));
}

}  // namespace

std::string clean_text(std::string_view text, TextCleaning cleaning) {
  const std::string valid = to_valid_utf8(text);
  switch (cleaning) {
    case TextCleaning::kLower:
      return lower_each(valid);
    case TextCleaning::kCanonical:
      return canonical(valid, /*keeps_gap=*/false);
    case TextCleaning::kRepaired:
      return to_lower(strip(collapse_white_space(repaired(valid))));
    case TextCleaning::kRepairedCanonical:
    case TextCleaning::kOpenAiCanonical:
      return canonical(repaired(valid), /*keeps_gap=*/true);
    case TextCleaning::kRepairedCased:
    case TextCleaning::kOpenAiCased:
      return std::string(strip(collapse_white_space(repaired(valid))));
    case TextCleaning::kNone:
      break;
  }
  return valid;
}

}  // namespace kiloword
