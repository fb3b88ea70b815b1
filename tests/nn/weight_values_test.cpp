// Every 16-bit value against libtorch's conversion, and numbers that are not finite anywhere.

#include "nn/weight_values.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace kiloword {
namespace {

void expect_every_value(TensorType type, at::ScalarType torch_type, uint16_t exponent) {
  std::vector<uint16_t> finite;
  std::vector<uint16_t> others;
  for (uint32_t bits = 0; bits <= 0xFFFF; ++bits)
    ((bits & exponent) == exponent ? others : finite).push_back(static_cast<uint16_t>(bits));
  const auto view = [](const std::vector<uint16_t>& values) {
    return std::string_view(reinterpret_cast<const char*>(values.data()), values.size() * 2);
  };
  std::vector<float> read(finite.size());
  EXPECT_TRUE(read_weight_values(type, view(finite), read.data()));
  const at::Tensor expected =
      at::from_blob(finite.data(), {static_cast<int64_t>(finite.size())}, torch_type).to(at::kFloat);
  EXPECT_EQ(std::memcmp(read.data(), expected.data_ptr<float>(), read.size() * sizeof(float)), 0);
  for (const uint16_t bits : others) {
    std::vector<uint16_t> values(37, 0x3C00);
    values[bits % values.size()] = bits;
    EXPECT_FALSE(read_weight_values(type, view(values), read.data())) << bits;
  }
}

TEST(WeightValues, EveryF16) {
  expect_every_value(TensorType::kF16, at::kHalf, 0x7C00);
}

TEST(WeightValues, EveryBF16) {
  expect_every_value(TensorType::kBF16, at::kBFloat16, 0x7F80);
}

TEST(WeightValues, F32UnalignedAndNotFinite) {
  std::vector<float> values{1.5F, -0.0F, 1e-42F, std::numeric_limits<float>::max(), -3.25F};
  const auto read = [&values] {
    std::vector<char> bytes(1 + values.size() * sizeof(float));
    std::memcpy(bytes.data() + 1, values.data(), values.size() * sizeof(float));
    std::vector<float> out(values.size());
    const bool finite =
        read_weight_values(TensorType::kF32, {bytes.data() + 1, bytes.size() - 1}, out.data());
    EXPECT_EQ(std::memcmp(out.data(), values.data(), values.size() * sizeof(float)), 0);
    return finite;
  };
  EXPECT_TRUE(read());
  for (const float bad : {INFINITY, -INFINITY, NAN}) {
    values[3] = bad;
    EXPECT_FALSE(read());
  }
  EXPECT_TRUE(read_weight_values(TensorType::kF32, {}, nullptr));
  EXPECT_FALSE(is_weight_type(TensorType::kI64));
}

TEST(WeightValues, F64BecomesTheNearestF32) {
  const auto read = [](double value, float& out) {
    return read_weight_values(TensorType::kF64, {reinterpret_cast<const char*>(&value), sizeof value}, &out);
  };
  for (const double value : {0.0, -1.5, 0.1, 1e-50, 3.4e38}) {
    float out = NAN;
    EXPECT_TRUE(read(value, out)) << value;
    EXPECT_EQ(out, static_cast<float>(value));
  }
  for (const double value : {1e39, static_cast<double>(INFINITY), static_cast<double>(NAN)}) {
    float out = 0;
    EXPECT_FALSE(read(value, out)) << value;
  }
}

}  // namespace
}  // namespace kiloword
