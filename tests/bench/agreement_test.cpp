#include "agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace kiloword::bench {
namespace {

constexpr double kWanted = 0.9999;

Embeddings rows(std::vector<float> values) {
  const auto count = static_cast<int64_t>(values.size()) / 2;
  return {count, 2, std::move(values)};
}

const Embeddings& reference() {
  static const Embeddings kReference = rows({1, 0, 0, 1, 1, 1});
  return kReference;
}

TEST(Agreement, HoldsOfTheSameRowsWhateverTheirLength) {
  const Agreement agreement = compare(rows({2, 0, 0, 1, 3, 3.001F}), reference());
  EXPECT_TRUE(agreement.holds(kWanted)) << agreement.text();
  EXPECT_NEAR(agreement.largest_other, std::sqrt(0.5), 1e-6);
}

TEST(Agreement, FailsForARowThatTurned) {
  EXPECT_FALSE(compare(rows({1, 0, 0, 1, 1, 1.05F}), reference()).holds(kWanted));
  EXPECT_TRUE(compare(rows({1, 0, 0, 1, 1, 1.05F}), reference()).holds(0.999));
}

TEST(Agreement, FailsForRowsInEachOthersPlaces) {
  const Agreement agreement = compare(rows({1, 0, 1, 1, 0, 1}), reference());
  EXPECT_EQ(agreement.mistaken, 2);
  EXPECT_FALSE(agreement.holds(0.1));
}

TEST(Agreement, FailsForWhatIsNotFinite) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(compare(rows({1, 0, 0, 1, nan, 1}), reference()).holds(-0.5));
  EXPECT_FALSE(compare(rows({1, 0, 0, 1, 0, 0}), reference()).holds(-0.5));
}

TEST(Agreement, FailsForOtherShapesAndForNothing) {
  EXPECT_FALSE(compare(rows({1, 0, 0, 1}), reference()).holds(-0.5));
  EXPECT_FALSE(compare({}, {}).holds(-0.5));
}

TEST(Agreement, SaysNothingWhereAllRowsAreAlike) {
  const Embeddings alike = rows({1, 0, 1, 0.005F});
  EXPECT_FALSE(compare(alike, alike).holds(kWanted));
}

TEST(Agreement, DoesNotTellEqualInputsApart) {
  const Embeddings twice = rows({1, 0, 1, 1e-6F, 0, 1});
  EXPECT_TRUE(compare(rows({1, 1e-5F, 1, -1e-5F, 0, 1}), twice).holds(kWanted));
}

}  // namespace
}  // namespace kiloword::bench
