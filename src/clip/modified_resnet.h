#pragma once

#include <deque>
#include <memory>
#include <string>

#include "clip/config.h"
#include "clip/image_tower.h"
#include "kiloword/nn/convolution.h"
#include "kiloword/nn/layers.h"

namespace kiloword {

/// 1 x 1, 3 x 3 and 1 x 1 convolution with a shortcut; a stride is an average pooling before the last one
/// (anti-aliased).
class Bottleneck {
 public:
  /// `side`: height and width of the input.
  Bottleneck(WeightLoader& loader, const Compute& compute, const std::string& name, int64_t inputs,
             int64_t planes, int64_t stride, int64_t side);

  at::Tensor operator()(const at::Tensor& x) const;

 private:
  int64_t stride_;
  Convolution conv1_;
  Convolution conv2_;
  Convolution conv3_;
  std::unique_ptr<Convolution> downsample_;
};

/// Attention pooling: the mean over all positions is the query, which attends to all positions and itself.
class AttentionPool {
 public:
  /// `side`: height and width of the input, which has `width` channels; `projection_dim`: D.
  AttentionPool(WeightLoader& loader, const Compute& compute, int64_t side, int64_t width, int64_t heads,
                int64_t projection_dim);

  /// [B, C, side, side] -> [B, D]
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  Compute compute_;
  int64_t heads_;
  at::Tensor positions_;  // [side * side + 1, C]
  Linear query_;
  Linear key_;
  Linear value_;
  Linear out_;
};

/// OpenAI's ResNet with a stem of three convolutions, anti-aliased strides and attention pooling (Radford et
/// al. 2021, 2.4), with OpenAI's tensor names.
class ModifiedResNet : public ImageTower {
 public:
  ModifiedResNet(WeightLoader& loader, const Compute& compute, const ClipConfig& config);

  at::Tensor features(const at::Tensor& pixels) const override;

 private:
  at::Tensor encode(const at::Tensor& pixels) const;

  Compute compute_;
  bool stem_pool_;
  std::deque<Convolution> stem_;
  std::deque<Bottleneck> blocks_;
  std::unique_ptr<AttentionPool> pool_;
};

}  // namespace kiloword
