#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <deque>
#include <vector>

#include "clip/config.h"
#include "kiloword/nn/layers.h"
#include "kiloword/nn/transformer.h"

namespace kiloword {

/// A transformer block whose rows attend to an image instead of to each other.
class CrossBlock {
 public:
  CrossBlock(WeightLoader& loader, const Compute& compute, const TransformerShape& shape,
             const std::string& name);

  /// Computes the keys and values of an image, [N, 2C], from the outputs of its pooling queries, [N, C] in
  /// fp32.
  at::Tensor read(const at::Tensor& findings) const;
  /// Rows [M, C] in fp32, in place.
  void operator()(at::Tensor& x, const at::Tensor& key_value) const;

 private:
  at::ScalarType type_;
  TransformerShape shape_;
  LayerNorm norm_1_;
  LayerNorm key_norm_;
  Linear query_;
  Linear key_value_;
  Linear out_;
  LayerNorm norm_2_;
  Linear hidden_;
  Linear hidden_out_;
};

/// CoCa's multimodal text decoder (Yu et al. 2022, 3.2): causal blocks over the rows of the text tower, each
/// followed by a block of cross-attention to the image.
class CaptionDecoder {
 public:
  /// Keys and values of one image, [N, 2C] per layer.
  using Image = std::vector<at::Tensor>;

  CaptionDecoder(WeightLoader& loader, const Compute& compute, const ClipConfig& config);

  /// `findings` [N, C], fp32: the outputs of the image tower's pooling queries except the first.
  Image read(const at::Tensor& findings) const;

  TokenTreeCache make_cache() const;
  /// Runs the last M nodes of `cache` through the decoder; `rows` [M, C], fp32, are their rows in the text
  /// tower. Returns the logits of the token after each node: [M, V], fp32.
  at::Tensor extend(const at::Tensor& rows, TokenTreeCache& cache, const Image& image) const;

 private:
  Compute compute_;
  TransformerShape shape_;
  std::deque<TransformerBlock> causal_;
  std::deque<CrossBlock> cross_;
  LayerNorm final_norm_;
  Linear head_;
};

}  // namespace kiloword
