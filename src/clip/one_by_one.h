#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "kiloword/nn/compute.h"

namespace kiloword {

/// Applies `encode` to `pixels` [B, 3, S, S] on the compute device: to all at once on a GPU, to one image at
/// a time on a CPU, where convolutions are packed for single images. Returns [B, D].
template <typename Encode>
at::Tensor encode_one_by_one(const at::Tensor& pixels, const Compute& compute, const Encode& encode) {
  const at::Tensor on_device = pixels.to(compute.device);
  if (!compute.device.is_cpu()) return encode(on_device);
  std::vector<at::Tensor> rows;
  for (int64_t i = 0; i < on_device.size(0); ++i) rows.push_back(encode(on_device.narrow(0, i, 1)));
  return at::cat(rows);
}

}  // namespace kiloword
