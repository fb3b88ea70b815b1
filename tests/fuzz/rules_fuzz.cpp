// An avoid list and a text through the output rules: the list, a NUL, the text.

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "guided/folded_text.h"
#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "kiloword/guided/output_rules.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

std::string spaced(const std::vector<std::string>& words) {
  std::string text = " ";
  for (const std::string& word : words) text += word + " ";
  return text;
}

std::string composed(const std::string& text) {
  UErrorCode status = U_ZERO_ERROR;
  std::string result;
  icu::Normalizer2::getNFCInstance(status)
      ->normalize(icu::UnicodeString::fromUTF8(kiloword::to_valid_utf8(text)), status)
      .toUTF8String(result);
  require(U_SUCCESS(status) != 0);
  return result;
}

/// Folding is done with once, the same for canonically equivalent texts, and the same for ASCII in any
/// company.
void check_folding(const std::string& text, std::vector<std::string> words) {
  require(kiloword::fold_text(spaced(words)).words == words);
  require(kiloword::fold_text(composed(text)).words == words);
  words.emplace_back("e");
  require(kiloword::fold_text(text + " \u00c9").words == words);
}

void check(std::string_view list, const std::string& text) {
  const std::vector<std::string> phrases = kiloword::parse_avoid_list(list, "list");
  const std::vector<std::string> words = kiloword::fold_text(text).words;
  check_folding(text, words);
  bool holds_one = false;
  std::vector<bool> held;
  for (const std::string& phrase : phrases) {
    held.push_back(spaced(words).find(spaced(kiloword::fold_text(phrase).words)) != std::string::npos);
    holds_one = holds_one || held.back();
  }
  const kiloword::OutputRules avoiding({phrases, {}, std::nullopt});
  require(avoiding.allows(text) != holds_one);
  require(avoiding.violation(text).has_value() == holds_one);
  const kiloword::OutputRules requiring({{}, phrases, std::nullopt});
  require(requiring.included(text, true) == held);
  require(requiring.included(text + ".", false) == held);
}

}  // namespace

/// Whatever the bytes: one clear error about the list, or the same answers that a search without any
/// cleverness gives.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  const size_t end = input.find('\0');
  const std::string text = end == std::string::npos ? "" : input.substr(end + 1);
  try {
    check(std::string_view(input).substr(0, end), text);
  } catch (const kiloword::Error& error) {
    require(error.kind() == kiloword::ErrorKind::kUsage && kiloword::is_valid_utf8(error.what()));
  }
  return 0;
}
