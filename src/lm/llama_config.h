#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "lm/rotary_shape.h"

namespace kiloword {

/// `config.json` of a model of the Llama family. The defaults are those of Hugging Face's LlamaConfig,
/// Qwen2Config and Qwen3Config.
struct LlamaConfig {
  int64_t vocab_size = 0;      ///< V
  int64_t context_length = 0;  ///< `max_position_embeddings`
  int64_t width = 0;           ///< C, `hidden_size`
  int64_t hidden = 0;          ///< `intermediate_size`
  int64_t layers = 0;
  int64_t heads = 0;      ///< H, query heads
  int64_t key_heads = 0;  ///< key and value heads; divides H
  int64_t head_dim = 0;   ///< even
  double norm_epsilon = 1e-6;
  RotaryShape rotary;
  bool qkv_bias = false;         ///< queries, keys and values have biases (Qwen2)
  bool out_bias = false;         ///< so does the attention's output (`attention_bias` of Llama)
  bool hidden_bias = false;      ///< `mlp_bias`
  bool head_norms = false;       ///< queries and keys are normalised per head (Qwen3)
  bool tied = false;             ///< `tie_word_embeddings`
  int32_t bos_id = -1;           ///< -1: not given
  std::vector<int32_t> eos_ids;  ///< none: not given
};

/// Reads `config.json` of model_type llama, qwen2 or qwen3. Throws Error(kModel), naming file and key, for
/// values that are ill-typed, out of range or inconsistent, and for unsupported variants.
LlamaConfig read_llama_config(const std::filesystem::path& path);

/// Whether `type`, a `model_type`, is of this family.
bool is_llama_family(const std::string& type);

}  // namespace kiloword
