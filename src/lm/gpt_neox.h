#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "kiloword/nn/layers.h"
#include "lm/causal_network.h"
#include "lm/gpt_neox_config.h"
#include "lm/network_parts.h"
#include "lm/rotary_positions.h"

namespace kiloword {

/// A layer of GPT-NeoX: attention with partial rotary positions, and a feed-forward layer, each with a
/// residual connection; in parallel on the same input (Wang and Komatsuzaki 2021, "GPT-J") or sequential.
class GptNeoxLayer {
 public:
  /// Tensor names begin with `prefix`.
  GptNeoxLayer(WeightLoader& loader, const Compute& compute, const GptNeoxConfig& config,
               const std::string& prefix);

  /// Forward pass of the new nodes' rows `x`, fp32 [M, C], in place. Stores their keys and values in layer
  /// `layer` of `cache`.
  void extend(at::Tensor& x, const std::vector<int64_t>& nodes, const RotaryPositions::Turns& turns,
              TokenTreeCache& cache, int64_t layer) const;

 private:
  at::Tensor attend(const at::Tensor& x, const std::vector<int64_t>& nodes,
                    const RotaryPositions::Turns& turns, TokenTreeCache& cache, int64_t layer) const;
  at::Tensor feed_forward(const at::Tensor& x) const;

  at::ScalarType type_;
  GptNeoxConfig config_;
  LayerNorm attention_norm_;
  Linear qkv_;
  Linear out_;
  LayerNorm feed_forward_norm_;
  Linear hidden_;
  Linear hidden_out_;
};

/// GPT-NeoX (Black et al. 2022, "GPT-NeoX-20B"), the network of Pythia (Biderman et al. 2023).
class GptNeox final : public CausalNetwork {
 public:
  /// Tensor names are those of Hugging Face's GPTNeoXModel, prefixed with `prefix`.
  GptNeox(WeightLoader& loader, const Compute& compute, const GptNeoxConfig& config,
          const std::string& prefix);

  TokenTreeCache make_cache() const override { return {config_.layers, config_.width, compute_}; }
  at::Tensor extend(TokenTreeCache& cache, const std::vector<int32_t>& ids) const override;
  at::Tensor logprobs(const at::Tensor& hidden) const override { return head_->logprobs(hidden); }

 private:
  Compute compute_;
  GptNeoxConfig config_;
  RotaryPositions positions_;
  Linear tokens_;  // [V, C]
  std::unique_ptr<OutputLayer> head_;
  std::deque<GptNeoxLayer> layers_;
  LayerNorm final_norm_;
};

/// The prefix of a checkpoint's tensor names: "gpt_neox." in files with an output layer, else empty.
std::string gpt_neox_prefix(const Checkpoint& file);

}  // namespace kiloword
