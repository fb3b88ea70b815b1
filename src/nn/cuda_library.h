#pragma once

#include <string>

namespace kiloword {

/// Loads libtorch's CUDA libraries, if they are installed and there is a driver. They are a gigabyte that
/// only GPU runs should load. Call it before using CUDA in libtorch. Returns an empty text, or why they could
/// not be loaded; later calls only return the same.
const std::string& load_cuda_library();

}  // namespace kiloword
