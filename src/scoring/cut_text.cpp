#include "kiloword/scoring/cut_text.h"

#include <algorithm>

#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

// A token has at least a byte, but for start, end and SentencePiece's space in front: most texts need no
// count.
constexpr size_t kFramingTokens = 3;

bool surely_fits(const ImageTextEncoder& encoder, size_t bytes) {
  return bytes + kFramingTokens <= static_cast<size_t>(encoder.context_length());
}

/// Bytes of the longest of `texts`.
size_t longest(const std::vector<std::string>& texts) {
  size_t bytes = 0;
  for (const std::string& text : texts) bytes = std::max(bytes, text.size());
  return bytes;
}

/// Whether no prompt or negative of `set` can be cut, without putting any together.
bool surely_fits(const ImageTextEncoder& encoder, const LabelSet& set) {
  size_t label = 0;
  for (const Label& one : set.labels) label = std::max(label, one.match_text().size());
  return surely_fits(encoder, std::max(longest(set.prompt_templates) + label, longest(set.negatives)));
}

/// Tokens of `text`, start and end included, where they are more than the model reads; else nothing.
std::optional<int> surplus_length(const ImageTextEncoder& encoder, const std::string& text) {
  if (surely_fits(encoder, text.size())) return std::nullopt;
  const int tokens = encoder.count_tokens(text);
  return tokens > encoder.context_length() ? std::optional<int>(tokens) : std::nullopt;
}

std::string warning_text(const ImageTextEncoder& encoder, const std::string& text, int tokens) {
  constexpr size_t kShownBytes = 40;
  const bool is_long = text.size() > kShownBytes;
  return '"' + printable(to_valid_utf8(text.substr(0, kShownBytes))) + (is_long ? "...\"" : "\"") + " has " +
         std::to_string(tokens) + " tokens and is cut to the model's " +
         std::to_string(encoder.context_length());
}

}  // namespace

std::optional<std::string> cut_text_warning(const ImageTextEncoder& encoder, const std::string& text) {
  const std::optional<int> tokens = surplus_length(encoder, text);
  if (!tokens) return std::nullopt;
  return "text " + warning_text(encoder, text, *tokens);
}

std::vector<std::string> cut_text_warnings(const ImageTextEncoder& encoder,
                                           const std::vector<std::string>& texts) {
  std::vector<std::string> warnings;
  for (const std::string& text : texts) {
    if (auto warning = cut_text_warning(encoder, text)) warnings.push_back(std::move(*warning));
  }
  return warnings;
}

std::optional<std::string> cut_text_warning(const ImageTextEncoder& encoder, const LabelSet& set) {
  if (surely_fits(encoder, set)) return std::nullopt;
  std::string first;
  size_t cut = 0;
  const auto look_at = [&](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      const std::optional<int> tokens = surplus_length(encoder, text);
      if (!tokens) continue;
      if (++cut == 1) first = warning_text(encoder, text, *tokens);
    }
  };
  for (const Label& label : set.labels) look_at(label_prompts(set, label));
  look_at(set.negatives);
  if (cut == 0) return std::nullopt;
  const std::string others = cut == 1 ? "" : ", and " + std::to_string(cut - 1) + " more like it";
  return "label set " + set.name + ": " + first + others;
}

}  // namespace kiloword
