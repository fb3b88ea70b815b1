#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "kiloword/nn/layers.h"
#include "kiloword/nn/rms_norm.h"
#include "lm/causal_network.h"
#include "lm/llama_config.h"
#include "lm/network_parts.h"
#include "lm/rotary_positions.h"

namespace kiloword {

/// A layer of the Llama family: grouped-query attention (Ainslie et al. 2023) with rotary positions, then a
/// gated feed-forward layer (Shazeer 2020), each pre-normalised and with a residual connection.
class LlamaLayer {
 public:
  /// Tensor names begin with `prefix`.
  LlamaLayer(WeightLoader& loader, const Compute& compute, const LlamaConfig& config,
             const std::string& prefix);

  /// Forward pass of the new nodes' rows `x`, fp32 [M, C], in place. Stores their keys and values in layer
  /// `layer` of `cache`.
  void extend(at::Tensor& x, const std::vector<int64_t>& nodes, const RotaryPositions::Turns& turns,
              TokenTreeCache& cache, int64_t layer) const;

 private:
  at::Tensor heads_of(const at::Tensor& qkv, int64_t first, int64_t count, const RmsNorm* norm,
                      const RotaryPositions::Turns* turns) const;
  at::Tensor feed_forward(const at::Tensor& x) const;

  at::ScalarType type_;
  LlamaConfig config_;
  RmsNorm attention_norm_;
  Linear qkv_;
  std::unique_ptr<RmsNorm> query_norm_;  // null: no norm
  std::unique_ptr<RmsNorm> key_norm_;
  Linear out_;
  RmsNorm feed_forward_norm_;
  Linear gate_and_up_;
  Linear down_;
};

/// Llama (Touvron et al. 2023) and models with the same architecture: Qwen2 (Yang et al. 2024), Qwen3 (Yang
/// et al. 2025).
class Llama final : public CausalNetwork {
 public:
  /// Tensor names are those of Hugging Face's LlamaModel, prefixed with `prefix`.
  Llama(WeightLoader& loader, const Compute& compute, const LlamaConfig& config, const std::string& prefix);

  TokenTreeCache make_cache() const override;
  at::Tensor extend(TokenTreeCache& cache, const std::vector<int32_t>& ids) const override;
  at::Tensor logprobs(const at::Tensor& hidden) const override { return head_->logprobs(hidden); }

 private:
  Compute compute_;
  LlamaConfig config_;
  RotaryPositions positions_;
  Linear tokens_;  // [V, C]
  std::unique_ptr<OutputLayer> head_;
  std::deque<LlamaLayer> layers_;
  RmsNorm final_norm_;
};

/// The prefix of a checkpoint's tensor names: "model." in files with an output layer, else empty.
std::string llama_prefix(const Checkpoint& file);

}  // namespace kiloword
