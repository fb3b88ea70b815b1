#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "kiloword/nn/compute.h"

namespace kiloword::testing {

inline double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

/// The CPU with oneDNN as on any x86 machine, and with libtorch's plain operators as everywhere else.
inline std::vector<Compute> computes() {
  std::vector<Compute> all{make_compute("cpu", "fp32", 0)};
  if (all[0].onednn) {
    all.push_back(all[0]);
    all[1].onednn = false;
  }
  return all;
}

}  // namespace kiloword::testing
