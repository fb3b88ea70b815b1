#pragma once

#include <string>

namespace kiloword {

/// Device, precision and threads of a network.
struct ComputeOptions {
  std::string device = "auto";     ///< "auto", "cpu", "cuda" or "cuda:N"; "auto" uses a GPU if there is one
  std::string precision = "fp32";  ///< "fp32", "bf16", or "int8" for CLIP models on a CPU
  int threads = 0;                 ///< cores to use; 0: all
  /// On a CPU, pack weights only for batches of images, without a second copy for single images, which then
  /// take as long as a batch.
  bool many_images = false;
};

}  // namespace kiloword
