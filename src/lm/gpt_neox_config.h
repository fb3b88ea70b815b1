#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "kiloword/nn/transformer_shape.h"
#include "lm/rotary_shape.h"

namespace kiloword {

/// `config.json` of a model of the GPT-NeoX family (Pythia). The defaults are those of Hugging Face's
/// GPTNeoXConfig.
struct GptNeoxConfig {
  int64_t vocab_size = 50432;     ///< V
  int64_t context_length = 2048;  ///< `max_position_embeddings`
  int64_t width = 6144;           ///< C, `hidden_size`
  int64_t hidden = 24576;         ///< `intermediate_size`
  int64_t layers = 44;
  int64_t heads = 64;  ///< divides C
  Activation activation = Activation::kGelu;
  double norm_epsilon = 1e-5;
  RotaryShape rotary;
  bool parallel = true;          ///< `use_parallel_residual`
  bool attention_bias = true;    ///< the attention's linear layers have biases
  bool tied = false;             ///< `tie_word_embeddings`: the output layer shares the token embedding
  int32_t bos_id = -1;           ///< -1: not given
  std::vector<int32_t> eos_ids;  ///< none: not given
};

/// Reads `config.json` of model_type gpt_neox. Throws Error(kModel), naming file and key, for values that are
/// ill-typed, out of range or inconsistent, and for unsupported variants.
GptNeoxConfig read_gpt_neox_config(const std::filesystem::path& path);

}  // namespace kiloword
