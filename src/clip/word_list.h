#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kiloword/model/image_text_encoder.h"

namespace kiloword {

/// Files of a word head, beside the model's weights.
constexpr const char* kWordList = "words.txt";
constexpr const char* kWordWeights = "words.safetensors";

/// Limits, so that a hostile list cannot use unbounded memory.
constexpr uint64_t kMaxWordListBytes = 1U << 20U;
constexpr size_t kMaxHeadWords = 20'000;

/// Parses the words of a word head: lines with a word (a to z), a tab and its class (a to z). Errors name
/// `name`. Throws Error(kModel) at `name:line` for other lines, duplicate words, more than kMaxHeadWords or
/// none.
std::vector<HeadWord> parse_word_list(std::string_view content, const std::string& name);

}  // namespace kiloword
