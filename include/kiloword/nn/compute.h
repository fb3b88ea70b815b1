#pragma once

#include <ATen/ATen.h>

#include <string>

#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/model/compute_options.h"

namespace kiloword {

/// Device and precision of a network, fixed at load.
struct Compute {
  at::Device device = at::kCPU;
  at::ScalarType type = at::kFloat;  ///< of weights and activations: kFloat or kBFloat16
  bool int8 = false;                 ///< transformer blocks multiply in 8-bit whole numbers; type is kFloat
  int threads = 1;                   ///< cores to use on a CPU, >= 1
  bool small = false;                ///< the network is too small for more than one thread
  bool many_images = false;          ///< images come in groups: weights are laid out for these alone
  bool onednn = false;  ///< linear layers and convolutions go to oneDNN (CPU builds that have it)

  /// `count` cores from now on, 0 for all; a small network stays on one. Throws Error(kUsage) for a negative
  /// number.
  void use_threads(int count);
  /// Makes the calling thread's libtorch use `threads` cores. libtorch keeps the number per thread.
  void apply_threads() const;
};

/// `device` "auto", "cpu", "cuda" or "cuda:N"; `precision` "fp32", "bf16" or, on a CPU, "int8"; `threads` 0
/// for all cores. Throws Error(kUsage) for other values and for a GPU that is not there.
Compute make_compute(const std::string& device, const std::string& precision, int threads);

/// The same for the network whose weights `file` holds. Below 64 MB it runs on one thread: the layers of a
/// small network end sooner than threads meet, and on a busy machine each meeting costs a time slice
/// (measured: 48 s instead of 1.3 s for 2,702 texts through a 12 MB network).
Compute make_compute(const ComputeOptions& options, const Checkpoint& file);

}  // namespace kiloword
