#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {
namespace {

using Ids = std::vector<int32_t>;

TEST(FrameTokens, AddsStartAndEnd) {
  EXPECT_EQ(frame_tokens({5, 6}, 1, 2, 77), (Ids{1, 5, 6, 2}));
  EXPECT_EQ(frame_tokens({}, 1, 2, 77), (Ids{1, 2}));
}

TEST(FrameTokens, LeavesOutWhatTheVocabularyLacks) {
  EXPECT_EQ(frame_tokens({5, 6}, -1, 2, 77), (Ids{5, 6, 2}));
  EXPECT_EQ(frame_tokens({5, 6}, 1, -1, 77), (Ids{1, 5, 6}));
  EXPECT_EQ(frame_tokens({5, 6}, -1, -1, 77), (Ids{5, 6}));
}

TEST(FrameTokens, CutsAndKeepsTheEnd) {
  EXPECT_EQ(frame_tokens({5, 6, 7}, 1, 2, 5), (Ids{1, 5, 6, 7, 2}));
  EXPECT_EQ(frame_tokens({5, 6, 7}, 1, 2, 4), (Ids{1, 5, 6, 2}));
  EXPECT_EQ(frame_tokens({5, 6, 7}, 1, 2, 2), (Ids{1, 2}));
  EXPECT_EQ(frame_tokens({5, 6, 7}, -1, 2, 3), (Ids{5, 6, 2}));
  EXPECT_EQ(frame_tokens({5, 6, 7}, -1, -1, 2), (Ids{5, 6}));
}

TEST(FrameTokens, CutsAtTheStartWhereTheTokenizerDoes) {
  EXPECT_EQ(frame_tokens({5, 6, 7}, 1, 2, 5, CutSide::kStart), (Ids{1, 5, 6, 7, 2}));
  EXPECT_EQ(frame_tokens({5, 6, 7}, 1, 2, 4, CutSide::kStart), (Ids{1, 6, 7, 2}));
  EXPECT_EQ(frame_tokens({5, 6, 7}, 1, 2, 2, CutSide::kStart), (Ids{1, 2}));
}

}  // namespace
}  // namespace kiloword
