#include "kiloword/nn/compute.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>
#include <thread>

#include "kiloword/base/error.h"
#include "kiloword/nn/torch_error.h"
#include "nn/weights_file.h"

namespace kiloword {
namespace {

std::string usage_error(const std::string& device, const std::string& precision, int threads) {
  try {
    make_compute(device, precision, threads);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    return error.what();
  }
  return "no error";
}

TEST(Compute, TakesAllCoresUnlessTold) {
  EXPECT_EQ(make_compute("cpu", "fp32", 0).threads, static_cast<int>(std::thread::hardware_concurrency()));
  EXPECT_EQ(make_compute("cpu", "fp32", 3).threads, 3);
}

TEST(Compute, SetsTheThreadsOfTheCallingThread) {
  Compute compute = make_compute("cpu", "fp32", 2);
  std::thread([&compute] {
    compute.apply_threads();
    EXPECT_EQ(at::get_num_threads(), 2);
    compute.threads = 1;
    compute.apply_threads();
    EXPECT_EQ(at::get_num_threads(), 1);
  }).join();
}

TEST(Compute, ReadsPrecisionAndDevice) {
  EXPECT_EQ(make_compute("cpu", "bf16", 0).type, at::kBFloat16);
  EXPECT_TRUE(make_compute("cpu", "fp32", 0).device.is_cpu());
  EXPECT_EQ(usage_error("cpu", "int4", 0), "unknown precision \"int4\", --precision; use fp32, bf16 or int8");
  EXPECT_EQ(usage_error("cpu", "fp32", -1), "a negative number of threads, --threads; use 0 for all cores");
  for (const std::string device :
       {"gpu", "", "cuda0", "cuda:", "cuda:x", "cuda:-1", "cuda:1234567890123", "CPU"}) {
    EXPECT_EQ(usage_error(device, "fp32", 0),
              "unknown device \"" + device + "\", --device; use auto, cpu, cuda or cuda:N");
  }
}

TEST(Compute, WithoutGpuAutoIsTheCpu) {
  if (at::hasCUDA()) GTEST_SKIP() << "this libtorch has CUDA";
  EXPECT_TRUE(make_compute("auto", "fp32", 0).device.is_cpu());
  for (const char* device : {"cuda", "cuda:1"}) {
    EXPECT_THAT(
        usage_error(device, "fp32", 0),
        ::testing::MatchesRegex("no CUDA device is available(: .+)?, --device; use --device cpu or auto"));
  }
}

TEST(Compute, SmallNetworksRunOnOneThread) {
  const testing::WeightsFile small({{"w", at::zeros({16 << 10})}});
  const testing::WeightsFile large({{"w", at::zeros({16 << 20})}});  // 64 MB
  EXPECT_EQ(make_compute({"cpu", "fp32", 2}, *small.file()).threads, 1);
  EXPECT_EQ(make_compute({"cpu", "fp32", 2}, *large.file()).threads, 2);
}

TEST(TorchError, BecomesOneLine) {
  try {
    guard_torch("model", [] { return at::ones({2}) + at::ones({3}); });
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInternal);
    EXPECT_EQ(std::string(error.what()),
              "libtorch: The size of tensor a (2) must match the size of tensor b (3) at non-singleton "
              "dimension 0, "
              "model; report this as a defect");
  }
}

TEST(TorchError, SaysWhenMemoryIsShort) {
  const auto error_of = [](const auto& action) -> std::string {
    try {
      guard_torch("model", action);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  // The wording of libtorch's allocator; a sanitizer would not let a test really ask for that much.
  EXPECT_EQ(
      error_of([] { TORCH_CHECK(false, "DefaultCPUAllocator: can't allocate memory: you tried 1 TB"); }),
      "not enough memory, model; use a smaller model or a smaller batch");
  EXPECT_EQ(error_of([] { throw std::bad_alloc(); }), "not enough memory, model; use a smaller model");
}

}  // namespace
}  // namespace kiloword
