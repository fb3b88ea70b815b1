#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "kiloword/nn/transformer_shape.h"

namespace kiloword {

/// A GPT-2 model's `config.json`. The defaults are those of Hugging Face's GPT2Config.
struct Gpt2Config {
  int64_t vocab_size = 50257;     ///< V
  int64_t context_length = 1024;  ///< `n_positions`, in old files `n_ctx`
  int64_t width = 768;            ///< C, `n_embd`
  int64_t hidden = 3072;          ///< `n_inner`, default 4C
  int64_t layers = 12;
  int64_t heads = 12;
  Activation activation = Activation::kTanhGelu;
  double norm_epsilon = 1e-5;
  int32_t bos_id = -1;           ///< -1: not given
  std::vector<int32_t> eos_ids;  ///< `eos_token_id`, one or several; none: not given
  bool tied = true;              ///< `tie_word_embeddings`: the output layer shares the token embedding
};

/// Reads `config.json`. Throws Error(kModel), naming file and key, for values that are ill-typed, out of
/// range, inconsistent, or of another kind of model.
Gpt2Config read_gpt2_config(const std::filesystem::path& path);

}  // namespace kiloword
