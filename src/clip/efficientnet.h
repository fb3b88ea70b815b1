#pragma once

#include <deque>
#include <memory>
#include <string>

#include "clip/config.h"
#include "clip/image_tower.h"
#include "kiloword/nn/convolution.h"
#include "kiloword/nn/layers.h"

namespace kiloword {

/// A stage of blocks, of which only the first has a stride and changes the width.
struct EfficientNetStage {
  int64_t blocks = 1;
  int64_t kernel = 3;
  int64_t stride = 1;
  int64_t expansion = 6;
  int64_t width = 0;  ///< output channels
};

/// The seven stages after scaling (Tan and Le 2019, table 1 and section 3.3): widths are multiplied by the
/// width coefficient and rounded to multiples of eight, numbers of blocks are multiplied by the depth
/// coefficient and rounded up. The Lite networks do not scale the depth of the first and the last stage.
std::vector<EfficientNetStage> efficientnet_stages(double width_coefficient, double depth_coefficient);

/// MBConv, the inverted bottleneck (Sandler et al. 2018): a wider 1 x 1 convolution, a depthwise one, and a
/// narrow 1 x 1 one without activation, with a shortcut where shapes allow. No squeeze and excitation.
class InvertedBottleneck {
 public:
  /// `side`: height and width of the input, which has `inputs` channels; everything else, including the
  /// stride, is in `stage`.
  InvertedBottleneck(WeightLoader& loader, const Compute& compute, const std::string& name, int64_t inputs,
                     int64_t side, const EfficientNetStage& stage);

  /// [B, inputs, side, side] -> [B, width, side', side']
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  bool has_shortcut_;
  std::unique_ptr<Convolution> expand_;  // null if the expansion is 1
  DepthwiseConvolution depthwise_;
  Convolution project_;
};

/// EfficientNet-Lite (Tan and Le 2019; ReLU6, no squeeze and excitation, a stem and a head of fixed width).
/// The embedding is the sum of a linear map and an MLP with one hidden layer, both of the pooled features.
/// The network's weights come from a separate file, with the tensor names of the PyTorch package
/// efficientnet_lite_pytorch.
class EfficientNetLite : public ImageTower {
 public:
  /// `loader`: the weights of the projection, `visual.*`; `network`: those of the EfficientNet.
  EfficientNetLite(WeightLoader& loader, WeightLoader& network, const Compute& compute,
                   const ClipConfig& config);

  /// Pixels [B, 3, S, S] -> the input of the network's classifier [B, F], fp32.
  at::Tensor features(const at::Tensor& pixels) const override;
  at::Tensor project(const at::Tensor& features) const override;

 private:
  at::Tensor encode(const at::Tensor& pixels) const;

  Compute compute_;
  std::unique_ptr<Convolution> stem_;
  std::deque<InvertedBottleneck> blocks_;
  std::unique_ptr<Convolution> head_;
  at::Tensor feature_mean_;  // [F]
  at::Tensor feature_std_;   // [F]
  Linear linear_;
  Linear hidden_;
  Linear output_;
};

}  // namespace kiloword
