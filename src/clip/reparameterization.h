#pragma once

#include <functional>
#include <string>

#include "kiloword/nn/folded_convolution.h"
#include "kiloword/nn/weight_loader.h"

namespace kiloword {

// Structural reparameterization (Ding et al. 2021; Vasu et al. 2023, section 3): in training, a layer is a
// sum of branches, convolutions and shortcuts, each with batch normalization. All of it is linear, so a
// single convolution is equivalent. Layers are declared in whichever form the checkpoint has: as branches, or
// already folded (`<name>.reparam_conv`). Names are timm's.

using FoldedReceiver = std::function<void(const FoldedWeights&)>;

/// A MobileOne block (Vasu et al. 2022, section 3.2).
struct MobileOneSpec {
  std::string name;
  int64_t inputs = 0;
  int64_t outputs = 0;
  int64_t kernel = 3;
  int64_t stride = 1;
  int64_t groups = 1;
  bool has_convolution = true;
  bool has_scale = true;  ///< a 1 x 1 convolution parallel to a larger one

  bool has_shortcut() const { return inputs == outputs && stride == 1; }
};

/// Declares the convolution, 1 x 1 convolution and shortcut of `spec`.
void want_mobile_one(WeightLoader& loader, const MobileOneSpec& spec, FoldedReceiver receive);

/// RepMixer (Vasu et al. 2023, section 3.1): x + scale (mixer(x) - norm(x)), depthwise, 3 x 3.
void want_rep_mixer(WeightLoader& loader, const std::string& name, int64_t channels, FoldedReceiver receive);

/// Parallel depthwise 7 x 7 and 3 x 3 convolutions (Ding et al. 2022; Vasu et al. 2023, section 3.3).
void want_large_kernel(WeightLoader& loader, const std::string& name, int64_t outputs,
                       FoldedReceiver receive);

/// Conditional position encoding (Chu et al. 2021): x + depthwise 7 x 7 convolution.
void want_conditional_positions(WeightLoader& loader, const std::string& name, int64_t channels,
                                FoldedReceiver receive);

/// A single convolution with batch normalization: `<name>.conv` and `<name>.bn`.
void want_normed_convolution(WeightLoader& loader, const std::string& name, const std::vector<int64_t>& shape,
                             FoldedReceiver receive);

}  // namespace kiloword
