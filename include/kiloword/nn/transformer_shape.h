#pragma once

#include <cstdint>
#include <vector>

namespace kiloword {

/// Activation of the feed-forward layer: GELU (Hendrycks and Gimpel 2016), its tanh approximation from the
/// same paper (GPT-2), its sigmoid approximation (OpenAI CLIP), or ReLU (OPT).
enum class Activation { kGelu, kTanhGelu, kQuickGelu, kRelu };

/// Sizes of a stack of transformer blocks.
struct TransformerShape {
  int64_t layers = 0;
  int64_t width = 0;   ///< C
  int64_t heads = 0;   ///< H, divides C
  int64_t hidden = 0;  ///< width of the feed-forward layer
  Activation activation = Activation::kQuickGelu;
  double norm_epsilon = 1e-5;
  bool causal = false;
  std::vector<int64_t> rows{1};  ///< as LinearSpec::rows
};

}  // namespace kiloword
