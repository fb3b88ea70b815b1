#include "guided/sentences.h"

#include <algorithm>

#include "kiloword/base/text.h"

namespace kiloword {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// ASCII punctuation and space part words; whatever lies outside ASCII may belong to one.
bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         c == '\'' || c == '-';
}

}  // namespace

bool ends_sentence(std::string_view text) {
  while (!text.empty() && std::string_view("\"')").find(text.back()) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  return !text.empty() && std::string_view(".!?").find(text.back()) != std::string_view::npos;
}

std::string common_start(const std::vector<std::string_view>& texts) {
  if (texts.empty()) return "";
  const std::string_view first = texts.front();
  size_t length = first.size();
  for (const std::string_view text : texts) {
    const std::string_view start = text.substr(0, length);
    length =
        static_cast<size_t>(std::mismatch(start.begin(), start.end(), first.begin()).first - start.begin());
  }
  return std::string(first.substr(0, length));
}

std::string trimmed(std::string_view text) {
  while (true) {
    if (ends_with(text, kReplacement)) {
      text.remove_suffix(kReplacement.size());
    } else if (!text.empty() && kSpace.find(text.back()) != std::string_view::npos) {
      text.remove_suffix(1);
    } else {
      break;
    }
  }
  const size_t begin = text.find_first_not_of(kSpace);
  return begin == std::string_view::npos ? "" : std::string(text.substr(begin));
}

bool keeps_last_word(std::string_view text, std::string_view longer) {
  if (text.empty() || !is_word_byte(text.back())) return true;
  if (longer.size() <= text.size() || longer.substr(0, text.size()) != text) return false;
  return !is_word_byte(longer[text.size()]);
}

std::string without_last_word(std::string_view text) {
  while (!text.empty() && is_word_byte(text.back())) text.remove_suffix(1);
  return trimmed(text);
}

}  // namespace kiloword
