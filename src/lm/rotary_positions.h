#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "lm/rotary_shape.h"

namespace kiloword {

/// Rotary positions (Su et al. 2021, "RoFormer"): values i and i + R/2 of a head are a pair that is rotated
/// by position times frequency i. R is the width of a head, or less if positions are partial (Black et al.
/// 2022, "GPT-NeoX-20B"); values from R on are unchanged.
class RotaryPositions {
 public:
  explicit RotaryPositions(const RotaryShape& shape);

  /// Cosines and sines for M rows, each fp32 [M, 1, R/2].
  struct Turns {
    at::Tensor cosines;
    at::Tensor sines;
  };
  Turns turns(const std::vector<int64_t>& positions, at::Device device) const;

  /// Rotates the heads `x`, fp32 [M, heads, D].
  static at::Tensor turn(const at::Tensor& x, const Turns& turns);

 private:
  at::Tensor frequencies_;  // [R/2], radians per token
};

}  // namespace kiloword
