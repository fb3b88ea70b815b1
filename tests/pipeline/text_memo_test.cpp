#include "pipeline/text_memo.h"

#include <gtest/gtest.h>

#include <array>

namespace kiloword {
namespace {

TEST(TextMemo, KnowsWhatItWasToldLately) {
  TextMemo memo(1 << 16);
  std::array<float, 4> row{1, 2, 3, 4};
  std::array<float, 4> found{};
  EXPECT_FALSE(memo.find("a dog", found.data()));
  memo.add("a dog", row.data(), 4);
  ASSERT_TRUE(memo.find("a dog", found.data()));
  EXPECT_EQ(found, row);
}

TEST(TextMemo, ForgetsTheOldest) {
  TextMemo memo(1 << 12);
  const std::array<float, 4> row{};
  std::array<float, 4> found{};
  int known = 0;
  for (int i = 0; i < 1000; ++i) {
    memo.add(std::to_string(i), row.data(), 4);
    EXPECT_TRUE(memo.find(std::to_string(i), found.data()));
  }
  for (int i = 0; i < 1000; ++i) known += memo.find(std::to_string(i), found.data()) ? 1 : 0;
  EXPECT_GT(known, 10);
  EXPECT_LT(known, 2 * 4096 / 128);
  EXPECT_FALSE(memo.find("0", found.data()));
}

}  // namespace
}  // namespace kiloword
