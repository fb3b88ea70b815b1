#include "kiloword/pipeline/pixel_facts.h"

#include <gtest/gtest.h>

#include <array>

namespace kiloword {
namespace {

constexpr int kSide = 20;

/// [3, S, S] of one level for each channel, with a square in the middle of `inside`.
std::vector<float> pixels(const std::array<float, 3>& outside, const std::array<float, 3>& inside,
                          const PreprocessSpec& spec) {
  std::vector<float> values;
  for (size_t c = 0; c < 3; ++c) {
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const bool in = x > 4 && x < 15 && y > 4 && y < 15;
        values.push_back(((in ? inside : outside)[c] / spec.level_range - spec.mean[c]) / spec.std[c]);
      }
    }
  }
  return values;
}

TEST(PixelFacts, SeesPlainBackgroundsAndTheLackOfColour) {
  PreprocessSpec spec;
  spec.size_px = kSide;
  const PixelFacts white = pixel_facts(pixels({255, 255, 255}, {200, 30, 30}, spec), spec);
  EXPECT_EQ(white.background, PixelFacts::Background::kWhite);
  EXPECT_FALSE(white.is_grey);
  const PixelFacts black = pixel_facts(pixels({3, 3, 3}, {90, 90, 90}, spec), spec);
  EXPECT_EQ(black.background, PixelFacts::Background::kBlack);
  EXPECT_TRUE(black.is_grey);
  EXPECT_EQ(pixel_facts(pixels({120, 160, 90}, {0, 0, 0}, spec), spec).background,
            PixelFacts::Background::kAny);
}

TEST(PixelFacts, KnowsNothingOfPixelsThatAreMissing) {
  const PixelFacts facts = pixel_facts({}, {});
  EXPECT_EQ(facts.background, PixelFacts::Background::kAny);
  EXPECT_FALSE(facts.is_grey);
}

}  // namespace
}  // namespace kiloword
