#include "nn/vector_kernels.h"

#include <gtest/gtest.h>

#include <cmath>

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
