#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kiloword/checkpoint/config_reader.h"

namespace kiloword {

// Limits of language models' settings: far above all published models, but low enough that nothing computed
// from them overflows.
constexpr int64_t kMaxWidth = 65536;
constexpr int64_t kMaxHidden = 262144;
constexpr int64_t kMaxLayers = 512;
constexpr int64_t kMaxVocabulary = 4'000'000;

/// Throws Error(kModel) at `key` unless `heads` divides `width`.
void require_whole_heads(const ConfigReader& reader, const std::string& key, int64_t heads, int64_t width);

/// Reads `bos_token_id`, -1 if there is none, and `eos_token_id`, which may be one id, several or none.
/// Throws Error(kModel) for ids outside the vocabulary.
void read_text_ends(const ConfigReader& reader, int64_t vocab_size, int32_t& bos_id,
                    std::vector<int32_t>& eos_ids);

}  // namespace kiloword
