#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kiloword/nn/layers.h"
#include "kiloword/nn/transformer.h"
#include "lm/causal_network.h"
#include "lm/gpt2_config.h"
#include "lm/network_parts.h"

namespace kiloword {

/// GPT-2 (Radford et al. 2019): a causal pre-norm transformer (Vaswani et al. 2017) with learned positions,
/// with the transposed token embedding or a separate matrix as output layer.
class Gpt2 final : public CausalNetwork {
 public:
  /// Tensor names are those of Hugging Face's GPT2Model, prefixed with `prefix`.
  Gpt2(WeightLoader& loader, const Compute& compute, const Gpt2Config& config, const std::string& prefix);

  TokenTreeCache make_cache() const override { return transformer_.make_cache(); }
  at::Tensor extend(TokenTreeCache& cache, const std::vector<int32_t>& ids) const override;
  at::Tensor logprobs(const at::Tensor& hidden) const override { return head_->logprobs(hidden); }

 private:
  Compute compute_;
  at::Tensor positions_;  // [T, C]
  Linear tokens_;         // [V, C]
  std::unique_ptr<OutputLayer> head_;
  Transformer transformer_;
  LayerNorm final_norm_;
};

/// The prefix of a checkpoint's tensor names: "transformer." in files saved with an output layer, else empty.
std::string gpt2_prefix(const Checkpoint& file);

}  // namespace kiloword
