#include "nn/cuda_library.h"

#include <dlfcn.h>
#include <link.h>

#include <filesystem>
#include <system_error>

namespace kiloword {
namespace {

namespace fs = std::filesystem;

/// The folder of the libtorch that this process runs on.
fs::path find_libtorch() {
  fs::path folder;
  ::dl_iterate_phdr(
      [](dl_phdr_info* library, size_t /*size*/, void* found) {
        const fs::path path = library->dlpi_name;
        if (path.filename().string().rfind("libtorch_cpu.so", 0) != 0) return 0;
        *static_cast<fs::path*>(found) = path.parent_path();
        return 1;
      },
      &folder);
  return folder;
}

std::string load() {
  const fs::path library = find_libtorch() / "libtorch_cuda.so";
  std::error_code ignored;
  if (!fs::exists(library, ignored)) return "the installed libtorch computes on CPUs only";
  if (::dlopen("libcuda.so.1", RTLD_LAZY) == nullptr) return "there is no NVIDIA driver";
  if (::dlopen(library.c_str(), RTLD_LAZY | RTLD_GLOBAL) == nullptr) return ::dlerror();
  return {};
}

}  // namespace

const std::string& load_cuda_library() {
  static const std::string kFailure = load();
  return kFailure;
}

}  // namespace kiloword
