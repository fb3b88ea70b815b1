#include "nn/int8_matrix.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kiloword/base/error.h"
#include "kiloword/nn/compute.h"
#include "nn/int8_kernel.h"

namespace kiloword {
namespace {

/// A row's levels back as values.
std::vector<float> values_of(const std::vector<uint8_t>& levels, const Int8Row& row) {
  std::vector<float> values;
  values.reserve(levels.size());
  for (const uint8_t level : levels) {
    values.push_back(row.scale * static_cast<float>(static_cast<int32_t>(level) - row.zero));
  }
  return values;
}

TEST(QuantizedRow, IsWithinHalfALevel) {
  for (const int64_t count : {1, 5, 16, 17, 48, 100}) {
    for (const float shift : {-3.0F, 0.0F, 0.5F, 3.0F}) {
      const at::Tensor x = at::randn({count}) + shift;
      std::vector<uint8_t> levels(static_cast<size_t>(count));
      const Int8Row row = quantize_row(x.data_ptr<float>(), count, levels.data());
      const float low = std::min(0.0F, x.min().item<float>());
      const float high = std::max(0.0F, x.max().item<float>());
      EXPECT_NEAR(row.scale, (high - low) / 255, 1e-6);
      const std::vector<float> back = values_of(levels, row);
      for (int64_t i = 0; i < count; ++i) {
        // A level more at the ends, where the zero is rounded as well.
        EXPECT_NEAR(back[static_cast<size_t>(i)], x[i].item<float>(), row.scale * 1.01) << count << ' ' << i;
      }
    }
  }
}

TEST(QuantizedRow, ZeroStaysZero) {
  std::vector<float> values{-1, 0, 2};
  std::vector<uint8_t> levels(3);
  const Int8Row row = quantize_row(values.data(), 3, levels.data());
  EXPECT_EQ(values_of(levels, row)[1], 0.0F);
  values = {0, 1e-38F, 0};
  EXPECT_EQ(quantize_row(values.data(), 3, levels.data()).scale, 0.0F);
}

TEST(QuantizedRow, WhatIsNotFiniteIsNotHidden) {
  for (const float bad : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN(),
                          -std::numeric_limits<float>::infinity()}) {
    for (const size_t place : {size_t{0}, size_t{17}}) {
      std::vector<float> values(20, 1.0F);
      values[place] = bad;
      std::vector<uint8_t> levels(20);
      EXPECT_TRUE(std::isnan(quantize_row(values.data(), 20, levels.data()).scale));
    }
  }
}

TEST(Int8Matrix, IsCloseToTheProduct) {
  at::manual_seed(3);
  for (const int64_t inputs : {3, 64, 257}) {
    for (const int64_t outputs : {1, 16, 70, 192}) {
      const at::Tensor weight = at::randn({outputs, inputs});
      const at::Tensor bias = at::randn({outputs});
      const at::Tensor x = at::randn({53, inputs});
      const at::Tensor exact = at::linear(x, weight, bias);
      const at::Tensor rough = Int8Matrix(weight, bias)(x);
      EXPECT_LT((rough - exact).norm().item<double>(), 0.02 * exact.norm().item<double>())
          << inputs << ' ' << outputs;
    }
  }
}

TEST(Int8Matrix, ARowDependsOnNothingElse) {
  at::manual_seed(4);
  const Int8Matrix matrix(at::randn({130, 96}), at::randn({130}));
  const at::Tensor x = at::randn({201, 96});
  make_compute("cpu", "fp32", 1).apply_threads();
  const at::Tensor all = matrix(x);
  make_compute("cpu", "fp32", 3).apply_threads();
  EXPECT_TRUE(at::equal(matrix(x), all));
  for (const int64_t row : {0, 7, 96, 200}) {
    EXPECT_TRUE(at::equal(matrix(x.narrow(0, row, 1)), all.narrow(0, row, 1))) << row;
  }
  EXPECT_TRUE(at::equal(matrix(x.narrow(0, 13, 50)), all.narrow(0, 13, 50)));
}

TEST(Int8Kernels, AgreeToTheLastRounding) {
  at::manual_seed(5);
  constexpr int64_t kRows = 9;
  constexpr int64_t kGroups = 75;
  constexpr int64_t kOutputs = 100;
  constexpr int64_t kPanels = 2;
  const at::Tensor levels = at::randint(0, 256, {kRows, 4 * kGroups}, at::kByte);
  const at::Tensor weights = at::randint(-127, 128, {kPanels, kGroups, 64, 4}, at::kChar);
  const at::Tensor sums = weights.sum({1, 3}, false, at::kInt).reshape({-1});
  const at::Tensor scales = at::rand({kPanels * 64});
  const at::Tensor bias = at::randn({kPanels * 64}) * 1000;
  std::vector<Int8Row> rows(kRows);
  for (size_t i = 0; i < rows.size(); ++i)
    rows[i] = {0.1F + static_cast<float>(i), static_cast<int32_t>(28 * i)};
  Int8Product product;
  product.levels = levels.data_ptr<uint8_t>();
  product.row_of = rows.data();
  product.weights = weights.data_ptr<int8_t>();
  product.weight_scale = scales.data_ptr<float>();
  product.weight_sum = sums.data_ptr<int32_t>();
  product.bias = bias.data_ptr<float>();
  product.groups = kGroups;
  product.outputs = kOutputs;
  std::vector<at::Tensor> results;
  for (const Int8Kernel kernel : int8_kernels()) {
    results.push_back(at::empty({kRows, kOutputs}));
    product.out = results.back().data_ptr<float>();
    for (int64_t panel = 0; panel < kPanels; ++panel) {
      kernel(product, {panel, 0, 7});
      kernel(product, {panel, 7, kRows});
    }
    EXPECT_TRUE(at::allclose(results.back(), results.front(), 1e-6, 1e-2));
  }
  // By the definition, for one output.
  const at::Tensor row = levels[8].to(at::kDouble) - rows[8].zero;
  const at::Tensor column = weights[1].select(1, 99 - 64).reshape({-1}).to(at::kDouble);
  const double expected =
      (row * column).sum().item<double>() * static_cast<double>(rows[8].scale) * scales[99].item<double>() +
      bias[99].item<double>();
  EXPECT_NEAR(results.front()[8][99].item<double>(), expected, std::fabs(expected) * 1e-6 + 1e-2);
}

TEST(Int8, IsOfTheCpuAndKeepsActivationsInFp32) {
  const Compute compute = make_compute("cpu", "int8", 1);
  EXPECT_TRUE(compute.int8);
  EXPECT_EQ(compute.type, at::kFloat);
  EXPECT_FALSE(make_compute("cpu", "fp32", 1).int8);
  EXPECT_THROW(make_compute("cpu", "int4", 1), Error);
}

}  // namespace
}  // namespace kiloword
