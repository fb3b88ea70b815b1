#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "kiloword/nn/transformer_shape.h"

namespace kiloword {

/// `config.json` of an OPT model. The defaults are those of Hugging Face's OPTConfig.
struct OptConfig {
  int64_t vocab_size = 50272;     ///< V
  int64_t context_length = 2048;  ///< `max_position_embeddings`
  int64_t width = 768;            ///< C, `hidden_size`
  int64_t token_width = 768;      ///< E, `word_embed_proj_dim`: of token embeddings, default C
  int64_t hidden = 3072;          ///< `ffn_dim`
  int64_t layers = 12;
  int64_t heads = 12;  ///< divides C
  Activation activation = Activation::kRelu;
  double norm_epsilon = 1e-5;    ///< fixed
  bool norms_first = true;       ///< `do_layer_norm_before`: pre-norm; else post-norm (350m)
  bool final_norm = true;        ///< after the last layer
  bool bias = true;              ///< `enable_bias`: the layers' matrices have biases
  bool tied = true;              ///< `tie_word_embeddings`: the output layer shares the token embedding
  int32_t bos_id = -1;           ///< -1: not given
  std::vector<int32_t> eos_ids;  ///< none: not given
};

/// Reads `config.json` of model_type opt. Throws Error(kModel), naming file and key, for values that are
/// ill-typed, out of range or inconsistent, and for unsupported variants.
OptConfig read_opt_config(const std::filesystem::path& path);

}  // namespace kiloword
