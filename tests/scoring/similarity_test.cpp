#include "kiloword/scoring/similarity.h"

#include <gtest/gtest.h>

#include <cmath>

namespace kiloword {
namespace {

TEST(Similarity, CosinesAgreeWithDoublePrecision) {
  constexpr int64_t kDim = 37;  // not a multiple of any vector width
  constexpr int64_t kRows = 5;
  Embeddings embeddings{kRows, kDim, {}};
  std::vector<float> query;
  query.reserve(kDim);
  embeddings.values.reserve(kRows * kDim);
  for (int i = 0; i < kDim; ++i) query.push_back(std::sin(static_cast<float>(i)));
  for (int i = 0; i < kRows * kDim; ++i) embeddings.values.push_back(std::cos(static_cast<float>(i)));
  const std::vector<float> measured = cosines(query.data(), embeddings);
  ASSERT_EQ(measured.size(), static_cast<size_t>(kRows));
  for (int64_t row = 0; row < kRows; ++row) {
    double expected = 0;
    for (int64_t i = 0; i < kDim; ++i) {
      expected += static_cast<double>(query[static_cast<size_t>(i)]) * embeddings.row(row)[i];
    }
    EXPECT_NEAR(measured[static_cast<size_t>(row)], expected, 1e-5);
  }
}

TEST(Similarity, NormalizingGivesUnitLengthAndKeepsZero) {
  std::vector<float> vector{3, 0, 4};
  normalize_in_place(vector.data(), 3);
  EXPECT_FLOAT_EQ(vector[0], 0.6F);
  EXPECT_FLOAT_EQ(vector[2], 0.8F);
  std::vector<float> zero(3, 0.0F);
  normalize_in_place(zero.data(), 3);
  EXPECT_EQ(zero, std::vector<float>(3, 0.0F));
}

}  // namespace
}  // namespace kiloword
