#pragma once

#include <string>

namespace kiloword {

/// What a network computes in and on.
struct ComputeOptions {
  std::string device = "auto";  ///< "auto", "cpu", "cuda" or "cuda:N"; "auto" takes a GPU where there is one
  std::string precision = "fp32";  ///< "fp32", "bf16", or "int8" for CLIP models on a CPU
  int threads = 0;                 ///< cores to use; 0: all
};

}  // namespace kiloword
