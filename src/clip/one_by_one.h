#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "kiloword/nn/compute.h"

namespace kiloword {

/// `encode` of `pixels` [B, 3, S, S] on the device that is computed on: all at once on a GPU, and on a CPU,
/// for which convolutions are packed for one image, one after the other. [B, D]
template <typename Encode>
at::Tensor encode_one_by_one(const at::Tensor& pixels, const Compute& compute, const Encode& encode) {
  const at::Tensor on_device = pixels.to(compute.device);
  if (!compute.device.is_cpu()) return encode(on_device);
  std::vector<at::Tensor> rows;
  for (int64_t i = 0; i < on_device.size(0); ++i) rows.push_back(encode(on_device.narrow(0, i, 1)));
  return at::cat(rows);
}

}  // namespace kiloword
