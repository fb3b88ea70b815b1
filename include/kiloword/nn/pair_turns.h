#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace kiloword {

/// The angles by which each position of a sequence rotates neighbouring values of a head (rotary positions,
/// Su et al. 2021): cosines and sines, fp32 [T, D / 2]. Undefined tensors: no position is rotated.
struct PairTurns {
  at::Tensor cosines;
  at::Tensor sines;

  bool are_defined() const { return cosines.defined(); }
};

/// Rotates the queries and keys of `qkv` [B * T, 3C]; values stay. Returns qkv's type, [B * T, 3C].
at::Tensor turn_pairs(const at::Tensor& qkv, int64_t heads, const PairTurns& turns);

}  // namespace kiloword
