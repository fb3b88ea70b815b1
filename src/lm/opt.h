#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "kiloword/nn/layers.h"
#include "lm/causal_network.h"
#include "lm/network_parts.h"
#include "lm/opt_config.h"

namespace kiloword {

/// A layer of OPT: attention, then a feed-forward layer, each with a residual connection. Pre-norm, or
/// post-norm (Vaswani et al. 2017) in the model of 350 million parameters.
class OptLayer {
 public:
  /// Tensor names begin with `prefix`.
  OptLayer(WeightLoader& loader, const Compute& compute, const OptConfig& config, const std::string& prefix);

  /// Forward pass of the new nodes' rows `x`, fp32 [M, C]. Stores their keys and values in layer `layer` of
  /// `cache`. Returns fp32 [M, C].
  at::Tensor extend(const at::Tensor& x, const std::vector<int64_t>& nodes, TokenTreeCache& cache,
                    int64_t layer) const;

 private:
  at::Tensor attend(const at::Tensor& x, const std::vector<int64_t>& nodes, TokenTreeCache& cache,
                    int64_t layer) const;
  at::Tensor feed_forward(const at::Tensor& x) const;

  at::ScalarType type_;
  OptConfig config_;
  LayerNorm attention_norm_;
  Linear qkv_;
  Linear out_;
  LayerNorm feed_forward_norm_;
  Linear hidden_;
  Linear hidden_out_;
};

/// OPT (Zhang et al. 2022, "OPT: Open Pre-trained Transformer Language Models"), with learned positions.
class Opt final : public CausalNetwork {
 public:
  /// Tensor names are those of Hugging Face's OPTDecoder, prefixed with `prefix`.
  Opt(WeightLoader& loader, const Compute& compute, const OptConfig& config, const std::string& prefix);

  TokenTreeCache make_cache() const override { return {config_.layers, config_.width, compute_}; }
  /// Returns the hidden states that the output layer takes: [N, E].
  at::Tensor extend(TokenTreeCache& cache, const std::vector<int32_t>& ids) const override;
  at::Tensor logprobs(const at::Tensor& hidden) const override { return head_->logprobs(hidden); }

 private:
  Compute compute_;
  OptConfig config_;
  at::Tensor positions_;  // [T + 2, C]
  Linear tokens_;         // [V, E]
  std::unique_ptr<OutputLayer> head_;
  std::unique_ptr<Linear> project_in_;   // [C, E]; null if E is C
  std::unique_ptr<Linear> project_out_;  // [E, C]; null if E is C
  std::deque<OptLayer> layers_;
  std::unique_ptr<LayerNorm> final_norm_;  // null: no norm
};

/// The prefix of a checkpoint's tensor names: "model.decoder." in files with an output layer, else "decoder."
/// (Checkpoint removes a prefix common to all names).
std::string opt_prefix(const Checkpoint& file);

}  // namespace kiloword
