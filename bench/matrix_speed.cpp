#include "matrix_speed.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <chrono>

#include "nn/onednn.h"

namespace kiloword::bench {

double matrix_gflops(int threads) {
  constexpr int64_t kSize = 2048;
  const c10::InferenceMode inference;
  at::set_num_threads(threads);
  // A product as the layers do it: one line of pixels through a 1 x 1 convolution.
  const at::Tensor line = at::randn({1, 1, kSize, kSize}).permute({0, 3, 1, 2});
  const PackedConvolution product(at::randn({kSize, kSize, 1, 1}), at::zeros({kSize}), 1, 0,
                                  {1, kSize, 1, kSize}, false);
  product(line);
  const auto begin = std::chrono::steady_clock::now();
  product(line);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  return 2.0 * kSize * kSize * kSize / seconds.count() * 1e-9;
}

}  // namespace kiloword::bench
