#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kiloword/model/image_text_encoder.h"

namespace kiloword {

/// The files of a word head, beside the model's weights.
constexpr const char* kWordList = "words.txt";
constexpr const char* kWordWeights = "words.safetensors";

/// Limits that keep a hostile list from taking unbounded memory.
constexpr uint64_t kMaxWordListBytes = 1U << 20U;
constexpr size_t kMaxHeadWords = 20'000;

/// The words of a word head: lines of a word (a to z), a tab and its class (a to z). `name` is shown in
/// errors. Throws Error(kModel) at `name:line` for other lines, a word that is listed twice, more than
/// kMaxHeadWords or none.
std::vector<HeadWord> parse_word_list(std::string_view content, const std::string& name);

}  // namespace kiloword
