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
  bool int8 = false;                 ///< transformer blocks multiply 8-bit integers; type is kFloat
  int threads = 1;                   ///< cores to use on a CPU, >= 1
  bool small = false;                ///< too small to gain from more than one thread
  bool many_images = false;          ///< images come in batches: weights are packed for these only
  bool onednn = false;  ///< linear layers and convolutions use oneDNN (on a CPU, if libtorch has it)

  /// Sets the number of cores, 0 for all; a small network stays on one. Throws Error(kUsage) for a negative
  /// number.
  void use_threads(int count);
  /// Sets the number of threads that libtorch uses in the calling thread, where it is a per-thread setting.
  void apply_threads() const;
};

/// `device`: "auto", "cpu", "cuda" or "cuda:N"; `precision`: "fp32", "bf16" or, on a CPU, "int8"; `threads`:
/// 0 for all cores. Throws Error(kUsage) for other values and for an unavailable GPU.
Compute make_compute(const std::string& device, const std::string& precision, int threads);

/// The same for the network with the weights in `file`. Below 64 MiB it runs on one thread: the layers of a
/// small network take less time than synchronizing threads, and on a busy machine each barrier costs a time
/// slice (measured: 48 s instead of 1.3 s for 2,702 texts through a 12 MB network).
Compute make_compute(const ComputeOptions& options, const Checkpoint& file);

}  // namespace kiloword
