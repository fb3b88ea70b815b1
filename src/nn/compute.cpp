#include "kiloword/nn/compute.h"

#include <ATen/Parallel.h>

#include <thread>

#include "kiloword/base/error.h"
#include "kiloword/base/thread_error.h"
#include "nn/cuda_library.h"
#include "nn/huge_pages.h"

namespace kiloword {
namespace {

int all_cores() {
  // libtorch's own default counts by the processor's topology tables, which virtual machines get wrong.
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

at::Device parse_device(const std::string& name) {
  if (name == "cpu") return at::kCPU;
  const std::string& failure = load_cuda_library();
  const bool cuda_found = failure.empty() && at::hasCUDA() && at::detail::getCUDAHooks().getNumGPUs() > 0;
  if (name == "auto" && !cuda_found) return at::kCPU;
  if (name == "auto") return {at::kCUDA, 0};
  const std::string prefix = "cuda";
  if (name.compare(0, prefix.size(), prefix) != 0) {
    throw Error(ErrorKind::kUsage, "unknown device \"" + name + "\"", "--device",
                "use auto, cpu, cuda or cuda:N");
  }
  int index = 0;
  if (name.size() > prefix.size()) {
    const std::string digits = name[prefix.size()] == ':' ? name.substr(prefix.size() + 1) : "";
    const bool number =
        !digits.empty() && digits.size() <= 3 && digits.find_first_not_of("0123456789") == std::string::npos;
    if (!number) {
      throw Error(ErrorKind::kUsage, "unknown device \"" + name + "\"", "--device",
                  "use auto, cpu, cuda or cuda:N");
    }
    index = std::stoi(digits);
  }
  if (!cuda_found) {
    throw Error(ErrorKind::kUsage,
                "no CUDA device is available" + (failure.empty() ? std::string() : ": " + failure),
                "--device", "use --device cpu or auto");
  }
  const int count = at::detail::getCUDAHooks().getNumGPUs();
  if (index >= count) {
    throw Error(ErrorKind::kUsage,
                "no CUDA device " + std::to_string(index) + " is available: this machine has " +
                    std::to_string(count),
                "--device", "use a smaller number");
  }
  return {at::kCUDA, static_cast<at::DeviceIndex>(index)};
}

void set_precision(Compute& compute, const std::string& name) {
  compute.type = name == "bf16" ? at::kBFloat16 : at::kFloat;
  compute.int8 = name == "int8";
  if (compute.int8 && !compute.device.is_cpu()) {
    throw Error(ErrorKind::kUsage, "int8 is computed on a CPU only", "--precision",
                "use --device cpu or another precision");
  }
  if (name == "fp32" || name == "bf16" || name == "int8") return;
  throw Error(ErrorKind::kUsage, "unknown precision \"" + name + "\"", "--precision",
              "use fp32, bf16 or int8");
}

}  // namespace

void Compute::use_threads(int count) {
  if (count < 0)
    throw Error(ErrorKind::kUsage, "a negative number of threads", "--threads", "use 0 for all cores");
  threads = small ? 1 : count == 0 ? all_cores() : count;
}

void Compute::apply_threads() const {
  if (!device.is_cpu() || at::get_num_threads() == threads) return;
  // libtorch waits for ever for threads of its pool that cannot be started, and OpenMP ends the process.
  constexpr int kPools = 2;
  if (threads > 1) require_threads(kPools * (threads - 1));
  at::set_num_threads(threads);
}

Compute make_compute(const std::string& device, const std::string& precision, int threads) {
  use_huge_pages();
  Compute compute;
  compute.device = parse_device(device);
  set_precision(compute, precision);
  compute.use_threads(threads);
  compute.onednn = compute.device.is_cpu() && at::hasMKLDNN() && at::globalContext().userEnabledMkldnn();
  return compute;
}

Compute make_compute(const ComputeOptions& options, const Checkpoint& file) {
  constexpr size_t kSmallNetworkBytes = 64 << 20;
  Compute compute = make_compute(options.device, options.precision, options.threads);
  size_t bytes = 0;
  for (const auto& [name, view] : file.tensors()) bytes += view.bytes.size();
  compute.small = bytes < kSmallNetworkBytes;
  compute.many_images = options.many_images;
  compute.use_threads(options.threads);
  return compute;
}

}  // namespace kiloword
