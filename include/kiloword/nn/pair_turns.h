#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace kiloword {

/// The angles by which each place of a sequence turns neighbouring values of a head (rotary positions, Su et
/// al. 2021): cosines and sines, fp32 [T, D / 2]. Undefined tensors: no place turns anything.
struct PairTurns {
  at::Tensor cosines;
  at::Tensor sines;

  bool are_defined() const { return cosines.defined(); }
};

/// Queries and keys of `qkv` [B * T, 3C] turned, values as they are; of qkv's type, [B * T, 3C].
at::Tensor turn_pairs(const at::Tensor& qkv, int64_t heads, const PairTurns& turns);

}  // namespace kiloword
