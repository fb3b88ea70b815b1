#pragma once

#include <memory>
#include <string>

#include "clip/reparameterization.h"
#include "kiloword/nn/compute.h"
#include "kiloword/nn/layers.h"

namespace kiloword {

// What FastViT (Vasu et al. 2023) is made of. Pictures are [B, C, side, side], channels last, of the type to
// compute in, B = 1 on the CPU. Every branch, batch normalisation and layer scale is folded at load, except
// where a picture's own values decide. GELU is the exact one.

/// A block of MobileOne and GELU: of the stem, and behind every patch embedding.
class MobileOneBlock {
 public:
  /// `side`: height and width of the input.
  MobileOneBlock(WeightLoader& loader, const Compute& compute, const MobileOneSpec& spec, int64_t side);
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  FoldedConvolution convolution_;
};

/// Squeeze and excitation (Hu et al. 2018): channels weighted by what the means of all channels say.
class SqueezeExcitation {
 public:
  SqueezeExcitation(WeightLoader& loader, const Compute& compute, const std::string& name, int64_t channels,
                    int64_t squeezed);
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  FoldedConvolution squeeze_;
  FoldedConvolution excite_;
};

/// A convolution of each channel by itself into one or two channels, perhaps weighted, and GELU.
class DepthwiseStep {
 public:
  struct Shape {
    std::string name;
    int64_t inputs = 0;
    int64_t outputs = 0;  ///< `inputs` or twice as many
    int64_t stride = 1;
    int64_t side = 1;
    int64_t squeezed = 0;  ///< width of the squeeze; 0: no squeeze and excitation
    bool large = false;    ///< a 7 x 7 kernel with a 3 x 3 one beside it, else a MobileOne block of 3 x 3
  };

  DepthwiseStep(WeightLoader& loader, const Compute& compute, const Shape& shape);
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  bool doubles_;
  FoldedConvolution convolution_;
  std::unique_ptr<SqueezeExcitation> weights_;
};

/// ConvFFN (section 3.3): a depthwise 7 x 7 convolution before the two layers of a feed-forward network,
/// which are 1 x 1 convolutions; added to its input.
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

/// With RepMixer (section 3.1), which at inference is one depthwise convolution.
class RepMixerBlock : public FastVitBlock {
 public:
  RepMixerBlock(WeightLoader& loader, const Compute& compute, const std::string& name,
                const FastVitBlockShape& shape);
  at::Tensor operator()(const at::Tensor& x) const override;

 private:
  FoldedConvolution mixer_;
  ConvolutionalFeedForward feed_forward_;
};

/// With multi-head self-attention over all places (section 3.3).
class AttentionBlock : public FastVitBlock {
 public:
  AttentionBlock(WeightLoader& loader, const Compute& compute, const std::string& name,
                 const FastVitBlockShape& shape);
  at::Tensor operator()(const at::Tensor& x) const override;

 private:
  at::ScalarType type_;
  int64_t heads_;
  std::unique_ptr<LayerNorm> norm_;  // none where it is folded into the products
  FoldedConvolution qkv_;
  FoldedConvolution out_;
  ConvolutionalFeedForward feed_forward_;
};

}  // namespace kiloword
