#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace kiloword {

/// Rotary position embeddings (Su et al. 2021): the rotation of neighboring values of a head at each
/// position, as cosines and sines, fp32 [T, D / 2]. Undefined tensors: no rotation.
struct PairTurns {
  at::Tensor cosines;
  at::Tensor sines;

  bool are_defined() const { return cosines.defined(); }
};

/// Rotates the queries and keys of `qkv` [B * T, 3C], not the values. Returns [B * T, 3C] of qkv's type.
at::Tensor turn_pairs(const at::Tensor& qkv, int64_t heads, const PairTurns& turns);

}  // namespace kiloword
