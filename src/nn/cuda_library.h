#pragma once

#include <string>

namespace kiloword {

/// Loads the part of libtorch that computes on NVIDIA's GPUs, where the installed libtorch has it and there
/// is a driver: a gigabyte of libraries that nobody else should wait for. Must come before anything asks
/// libtorch for CUDA. Returns why it could not be loaded, or nothing. Later calls return the same and do
/// nothing.
const std::string& load_cuda_library();

}  // namespace kiloword
