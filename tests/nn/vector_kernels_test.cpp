#include "nn/vector_kernels.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

namespace kiloword {
namespace {

TEST(QuickGelu, FollowsItsFormula) {
  std::vector<float> x;
  for (int i = -4000; i <= 4000; ++i) x.push_back(static_cast<float>(i) * 0.03F);
  std::vector<float> y = x;
  quick_gelu(y.data(), static_cast<int64_t>(y.size()));
  for (size_t i = 0; i < x.size(); ++i) {
    const double exact = x[i] / (1.0 + std::exp(-1.702 * x[i]));
    // the rounded exponent alone costs |x| * 1e-7
    EXPECT_NEAR(y[i], exact, 1e-6 * (1 + std::fabs(x[i])) * std::fabs(exact) + 1e-30) << x[i];
  }
}

TEST(TanhGelu, FollowsItsFormula) {
  std::vector<float> x;
  for (int i = -4000; i <= 4000; ++i) x.push_back(static_cast<float>(i) * 0.03F);
  std::vector<float> y = x;
  tanh_gelu(y.data(), static_cast<int64_t>(y.size()));
  for (size_t i = 0; i < x.size(); ++i) {
    const double u = std::sqrt(2 / 3.14159265358979323846) * (x[i] + 0.044715 * std::pow(x[i], 3.0));
    const double exact = x[i] / (1.0 + std::exp(-2 * u));
    // the rounded exponent alone costs |u| * 1e-7
    EXPECT_NEAR(y[i], exact, 1e-6 * (1 + std::fabs(u)) * std::fabs(exact) + 1e-30) << x[i];
  }
}

TEST(Bfloat16, IsRoundedAsLibtorchDoes) {
  std::vector<float> x;
  for (uint32_t word = 0x3F800000U; word < 0x3F840000U; ++word) {  // every way to round 1 to 1.03
    float value = 0;
    std::memcpy(&value, &word, sizeof value);
    x.push_back(value);
    x.push_back(-value);
  }
  const std::vector<float> special{0.0F, -0.0F, 1e-40F, -3e38F, 3.4028235e38F, INFINITY, -INFINITY};
  x.insert(x.end(), special.begin(), special.end());
  std::vector<uint16_t> halves(x.size());
  narrow(x.data(), static_cast<int64_t>(x.size()), halves.data());
  const at::Tensor expected = at::tensor(x).to(at::kBFloat16);
  EXPECT_EQ(std::memcmp(halves.data(), expected.data_ptr(), halves.size() * sizeof(uint16_t)), 0);
  std::vector<float> back(x.size());
  widen(halves.data(), static_cast<int64_t>(x.size()), back.data());
  const at::Tensor wide = expected.to(at::kFloat);
  EXPECT_EQ(std::memcmp(back.data(), wide.data_ptr(), back.size() * sizeof(float)), 0);
}

TEST(Bfloat16, NansStayNans) {
  for (const uint32_t word : {0x7F800001U, 0x7FFFFFFFU, 0xFF800001U, 0xFFFFFFFFU}) {
    float value = 0;
    std::memcpy(&value, &word, sizeof value);
    uint16_t half = 0;
    narrow(&value, 1, &half);
    widen(&half, 1, &value);
    EXPECT_TRUE(std::isnan(value)) << word;
  }
}

TEST(Gelu, TouchesOnlyWhatItIsGiven) {
  for (const auto gelu : {quick_gelu, tanh_gelu}) {
    for (int64_t count = 0; count < 40; ++count) {
      std::vector<float> x(48, 3.0F);
      gelu(x.data(), count);
      for (int64_t i = 0; i < 48; ++i)
        EXPECT_EQ(x[static_cast<size_t>(i)] == 3.0F, i >= count) << count << " " << i;
    }
  }
}

TEST(Attend, SurvivesLogitsOfAnySize) {
  constexpr int64_t kDim = 16;
  std::vector<float> rows(3 * kDim, 0.0F);
  for (int64_t j = 0; j < 3; ++j) rows[static_cast<size_t>(j * kDim + j)] = 1e4F;
  std::vector<float> out(3 * kDim, -1.0F);
  AttentionHead head;
  head.query = head.key = head.value = rows.data();
  head.out = out.data();
  head.query_stride = head.key_stride = head.out_stride = head.dim = kDim;
  head.queries = head.keys = 3;
  std::vector<float> scratch;
  attend(head, scratch);
  EXPECT_EQ(out, rows);  // each row attends to itself alone
}

}  // namespace
}  // namespace kiloword
