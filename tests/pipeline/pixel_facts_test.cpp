#include "kiloword/pipeline/pixel_facts.h"

#include <gtest/gtest.h>

#include <array>

namespace kiloword {
namespace {

constexpr int kSide = 20;
constexpr PictureSize kSize{kSide, kSide};

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
  const PixelFacts white = pixel_facts(pixels({255, 255, 255}, {200, 30, 30}, spec), kSize, spec);
  EXPECT_EQ(white.background, PixelFacts::Background::kWhite);
  EXPECT_FALSE(white.is_grey);
  const PixelFacts black = pixel_facts(pixels({3, 3, 3}, {90, 90, 90}, spec), kSize, spec);
  EXPECT_EQ(black.background, PixelFacts::Background::kBlack);
  EXPECT_TRUE(black.is_grey);
  EXPECT_EQ(pixel_facts(pixels({120, 160, 90}, {0, 0, 0}, spec), kSize, spec).background,
            PixelFacts::Background::kAny);
}

/// [3, S, S] of two levels for each channel: one for the upper half.
std::vector<float> halves(const std::array<float, 3>& upper, const std::array<float, 3>& lower,
                          const PreprocessSpec& spec) {
  std::vector<float> values;
  for (size_t c = 0; c < 3; ++c) {
    for (int i = 0; i < kSide * kSide; ++i)
      values.push_back(((i < kSide * kSide / 2 ? upper : lower)[c] / spec.level_range - spec.mean[c]) /
                       spec.std[c]);
  }
  return values;
}

TEST(PixelFacts, AWhiteSkyIsNoBackground) {
  PreprocessSpec spec;
  spec.size_px = kSide;
  EXPECT_EQ(pixel_facts(halves({250, 250, 250}, {60, 90, 60}, spec), kSize, spec).background,
            PixelFacts::Background::kAny);
}

TEST(PixelFacts, SeesWhatTheSkyWouldBe) {
  PreprocessSpec spec;
  spec.size_px = kSide;
  EXPECT_EQ(pixel_facts(halves({90, 150, 230}, {60, 90, 60}, spec), kSize, spec).sky, PixelFacts::Sky::kBlue);
  EXPECT_EQ(pixel_facts(halves({10, 10, 25}, {30, 20, 20}, spec), kSize, spec).sky, PixelFacts::Sky::kNight);
  EXPECT_EQ(pixel_facts(halves({10, 10, 25}, {160, 120, 90}, spec), kSize, spec).sky, PixelFacts::Sky::kNight)
      << "half of it is lit";
  EXPECT_EQ(pixel_facts(halves({200, 200, 205}, {60, 90, 60}, spec), kSize, spec).sky, PixelFacts::Sky::kAny);
}

TEST(PixelFacts, SidesMayDiffer) {
  constexpr PictureSize kWide{24, 6};
  PreprocessSpec spec;
  spec.mean = {0, 0, 0};
  spec.std = {1, 1, 1};
  spec.level_range = 1;
  std::vector<float> wide(size_t{3} * 24 * 6, 90.0F);
  for (size_t channel = 0; channel < 3; ++channel) {
    for (size_t y = 0; y < 6; ++y) {
      for (size_t x = 0; x < 24; ++x) {
        if (x == 0 || x == 23 || y == 0 || y == 5) wide[channel * 24 * 6 + y * 24 + x] = 255.0F;
      }
    }
  }
  EXPECT_EQ(pixel_facts(wide, kWide, spec).background, PixelFacts::Background::kWhite);
}

TEST(PixelFacts, KnowsNothingOfPixelsThatAreMissing) {
  const PixelFacts facts = pixel_facts({}, {}, {});
  EXPECT_EQ(facts.background, PixelFacts::Background::kAny);
  EXPECT_FALSE(facts.is_grey);
}

}  // namespace
}  // namespace kiloword
