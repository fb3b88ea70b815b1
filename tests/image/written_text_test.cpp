#include "kiloword/image/written_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>

#include "kiloword/image/preprocess.h"

namespace kiloword {
namespace {

using Colour = std::array<uint8_t, 3>;
constexpr Colour kGrey{150, 150, 150};
constexpr Colour kBlack{20, 20, 20};
constexpr Colour kWhite{250, 250, 250};

Image plain(int width, int height, Colour colour) {
  Image image{width, height, {}};
  for (int i = 0; i < width * height; ++i) image.rgb.insert(image.rgb.end(), colour.begin(), colour.end());
  return image;
}

void fill(Image& image, int left, int top, int width, int height, Colour colour) {
  for (int y = top; y < top + height; ++y) {
    for (int x = left; x < left + width; ++x) {
      for (size_t c = 0; c < 3; ++c) image.rgb[static_cast<size_t>(y * image.width + x) * 3 + c] = colour[c];
    }
  }
}

/// Writes `text`, of letters of five by seven squares with sides of `scale` pixels.
void write(Image& image, const std::string& text, int left, int top, int scale, Colour colour) {
  static const std::map<char, std::array<const char*, 7>> kLetters{
      {'L', {"#....", "#....", "#....", "#....", "#....", "#....", "#####"}},
      {'E', {"#####", "#....", "#....", "####.", "#....", "#....", "#####"}},
      {'T', {"#####", "..#..", "..#..", "..#..", "..#..", "..#..", "..#.."}},
      {'I', {"#....", "#....", "#....", "#....", "#....", "#....", "#...."}},
      {'H', {"#...#", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"}},
      {'O', {"#####", "#...#", "#...#", "#...#", "#...#", "#...#", "#####"}},
  };
  for (const char letter : text) {
    for (int row = 0; row < 7; ++row) {
      for (int column = 0; column < 5; ++column) {
        const char square = kLetters.at(letter)[static_cast<size_t>(row)][column];
        if (square == '#') fill(image, left + column * scale, top + row * scale, scale, scale, colour);
      }
    }
    left += (letter == 'I' ? 3 : 7) * scale;
  }
}

DecodedImage decoded(Image image) {
  DecodedImage result;
  result.full_width = image.width;
  result.full_height = image.height;
  result.box = {0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
  result.image = std::move(image);
  return result;
}

/// The largest difference of a channel between two pictures of one size.
int difference(const Image& a, const Image& b) {
  int largest = 0;
  for (size_t i = 0; i < a.rgb.size(); ++i) largest = std::max(largest, std::abs(a.rgb[i] - b.rgb[i]));
  return largest;
}

TEST(WrittenText, FindsALineOfLettersAndItsBox) {
  for (const Colour colour : {kBlack, kWhite, Colour{230, 160, 20}}) {
    Image image = plain(448, 448, kGrey);
    write(image, "HOTEL", 60, 200, 6, colour);
    const std::vector<TextLine> lines = find_text(image, 12);
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines[0].letters, 5);
    EXPECT_NEAR(lines[0].box.left, 60, 2);
    EXPECT_NEAR(lines[0].box.top, 200, 2);
    EXPECT_NEAR(lines[0].box.width, 33 * 6, 3);
    EXPECT_NEAR(lines[0].box.height, 42, 2);
  }
}

TEST(WrittenText, WhatIsTooLowOrTooFewLettersIsNone) {
  Image small = plain(448, 448, kGrey);
  write(small, "HOTEL", 60, 200, 2, kBlack);
  EXPECT_FALSE(find_text(small, 12).empty());
  EXPECT_TRUE(find_text(small, 20).empty());
  Image two = plain(448, 448, kGrey);
  write(two, "HO", 60, 200, 6, kBlack);
  EXPECT_TRUE(find_text(two, 12).empty());
}

// Windows, fences, keys: rows of one shape are no word.
TEST(WrittenText, ARowOfEqualShapesIsNone) {
  Image windows = plain(448, 448, kGrey);
  for (int i = 0; i < 8; ++i) fill(windows, 40 + 45 * i, 150, 20, 40, kBlack);
  EXPECT_TRUE(find_text(windows, 12).empty());
  Image rings = plain(448, 448, kGrey);
  write(rings, "OOOOO", 60, 200, 6, kBlack);
  EXPECT_TRUE(find_text(rings, 12).empty());
}

TEST(WrittenText, AnyPictureCanBeLookedAt) {
  for (const auto& [width, height] : {std::pair{1, 1}, {7, 300}, {300, 7}, {9, 9}}) {
    EXPECT_TRUE(find_text(plain(width, height, kGrey), 3).empty());
  }
  Image noise = plain(200, 200, kGrey);
  uint32_t state = 1;
  for (uint8_t& value : noise.rgb)
    value = static_cast<uint8_t>((state = state * 1664525 + 1013904223) >> 24U);
  EXPECT_LT(find_text(noise, 2).size(), 100U);
}

TEST(WrittenText, PaintingOverLeavesTheGround) {
  const PreprocessSpec spec{224, ResizeMode::kShortest, ResizeFilter::kBicubic, {0, 0, 0}, {1, 1, 1}};
  const DecodedImage ground = decoded(plain(500, 500, {60, 120, 180}));
  Image image = ground.image;
  write(image, "HOTEL", 60, 200, 8, kWhite);
  const DecodedImage written = decoded(image);
  const Image before = fit_for_model(ground, spec);
  EXPECT_GT(difference(fit_for_model(written, spec), before), 100);
  const std::optional<Image> without = paint_over_text(written, spec);
  ASSERT_TRUE(without);
  EXPECT_LE(difference(*without, before), 24);
  EXPECT_FALSE(paint_over_text(ground, spec));
}

TEST(WrittenText, PaintingOverKeepsTheShape) {
  PreprocessSpec spec;
  spec.mode = ResizeMode::kPatches;
  spec.patch_px = 16;
  spec.max_patches = 256;
  Image image = plain(900, 300, {60, 120, 180});
  write(image, "HOTEL", 60, 100, 8, kWhite);
  const DecodedImage written = decoded(image);
  const std::optional<Image> without = paint_over_text(written, spec);
  ASSERT_TRUE(without);
  const Image before = fit_for_model(decoded(plain(900, 300, {60, 120, 180})), spec);
  EXPECT_EQ(without->width, before.width);
  EXPECT_EQ(without->height, before.height);
  EXPECT_LE(difference(*without, before), 24);
}

TEST(WrittenText, WhatIsNotWritingStaysAsItIs) {
  const PreprocessSpec spec{224, ResizeMode::kShortest, ResizeFilter::kBicubic, {0, 0, 0}, {1, 1, 1}};
  Image image = plain(448, 448, kGrey);
  fill(image, 0, 0, 448, 120, {40, 90, 200});
  write(image, "HOTEL", 60, 300, 6, kBlack);
  const DecodedImage written = decoded(image);
  const Image with = fit_for_model(written, spec);
  const std::optional<Image> without = paint_over_text(written, spec);
  ASSERT_TRUE(without);
  const size_t half = with.rgb.size() / 2;
  EXPECT_TRUE(std::equal(with.rgb.begin(), with.rgb.begin() + static_cast<long>(half), without->rgb.begin()));
}

}  // namespace
}  // namespace kiloword
