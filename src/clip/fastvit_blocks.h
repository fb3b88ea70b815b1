#pragma once

#include <memory>
#include <string>

#include "clip/reparameterization.h"
#include "kiloword/nn/compute.h"
#include "kiloword/nn/layers.h"

namespace kiloword {

// Building blocks of FastViT (Vasu et al. 2023). Images are [B, C, side, side], channels last, of the compute
// type, with B = 1 on the CPU. All branches, batch normalizations and layer scales are folded at load, except
// where they depend on the image. GELU is exact.

/// A MobileOne block and GELU, for the stem and after every patch embedding.
class MobileOneBlock {
 public:
  /// `side`: height and width of the input.
  MobileOneBlock(WeightLoader& loader, const Compute& compute, const MobileOneSpec& spec, int64_t side);
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  FoldedConvolution convolution_;
};

/// Squeeze and excitation (Hu et al. 2018): weights channels by a function of all channels' means.
class SqueezeExcitation {
 public:
  SqueezeExcitation(WeightLoader& loader, const Compute& compute, const std::string& name, int64_t channels,
                    int64_t squeezed);
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  FoldedConvolution squeeze_;
  FoldedConvolution excite_;
};

/// A depthwise convolution into one or two channels each, optional squeeze and excitation, and GELU.
class DepthwiseStep {
 public:
  struct Shape {
    std::string name;
    int64_t inputs = 0;
    int64_t outputs = 0;  ///< `inputs` or twice as many
    int64_t stride = 1;
    int64_t side = 1;
    int64_t squeezed = 0;  ///< width of the squeeze; 0: no squeeze and excitation
    bool large = false;    ///< a 7 x 7 kernel parallel to a 3 x 3 one, else a 3 x 3 MobileOne block
  };

  DepthwiseStep(WeightLoader& loader, const Compute& compute, const Shape& shape);
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  bool doubles_;
  FoldedConvolution convolution_;
  std::unique_ptr<SqueezeExcitation> weights_;
};

/// ConvFFN (section 3.3): a depthwise 7 x 7 convolution, then a feed-forward network of two 1 x 1
/// convolutions; the result is added to the input.
class ConvolutionalFeedForward {
 public:
  /// `scale`: the tensor of the layer scale.
  ConvolutionalFeedForward(WeightLoader& loader, const Compute& compute, const std::string& name,
                           const std::string& scale, int64_t channels, int64_t hidden, int64_t side);
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  FoldedConvolution depthwise_;
  FoldedConvolution hidden_;
  FoldedConvolution out_;
};

/// A token mixer and a ConvFFN (section 3).
class FastVitBlock {
 public:
  FastVitBlock() = default;
  FastVitBlock(const FastVitBlock&) = delete;
  FastVitBlock& operator=(const FastVitBlock&) = delete;
  virtual ~FastVitBlock() = default;
  virtual at::Tensor operator()(const at::Tensor& x) const = 0;
};

/// Sizes of the blocks of one stage.
struct FastVitBlockShape {
  int64_t channels = 0;
  int64_t hidden = 0;
  int64_t side = 0;
  bool layer_norm = false;  ///< before the attention, over channels; else batch normalisation
};

/// RepMixer (section 3.1), a single depthwise convolution at inference.
class RepMixerBlock : public FastVitBlock {
 public:
  RepMixerBlock(WeightLoader& loader, const Compute& compute, const std::string& name,
                const FastVitBlockShape& shape);
  at::Tensor operator()(const at::Tensor& x) const override;

 private:
  FoldedConvolution mixer_;
  ConvolutionalFeedForward feed_forward_;
};

/// Multi-head self-attention over all positions (section 3.3).
class AttentionBlock : public FastVitBlock {
 public:
  AttentionBlock(WeightLoader& loader, const Compute& compute, const std::string& name,
                 const FastVitBlockShape& shape);
  at::Tensor operator()(const at::Tensor& x) const override;

 private:
  at::ScalarType type_;
  int64_t heads_;
  std::unique_ptr<LayerNorm> norm_;  // null if folded into the products
  FoldedConvolution qkv_;
  FoldedConvolution out_;
  ConvolutionalFeedForward feed_forward_;
};

}  // namespace kiloword
