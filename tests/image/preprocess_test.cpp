#include "kiloword/image/preprocess.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "image/test_images.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using test::checksum;

/// The pictures of scripts/goldens/image_resize.py.
Image synthetic(int width, int height) {
  Image image{width, height, {}};
  const int64_t count = int64_t{width} * height * 3;
  auto state = static_cast<uint32_t>(width * 65537 + height);
  for (int64_t i = 0; i < count; ++i) {
    state = state * 1664525U + 1013904223U;
    const int64_t x = i / 3 % width;
    image.rgb.push_back(static_cast<uint8_t>(x > width / 2 ? state >> 24 : (state >> 27) + i * 200 / count));
  }
  return image;
}

PreprocessSpec spec_of(int size, bool center_crop) {
  PreprocessSpec spec;
  spec.size_px = size;
  spec.mode = center_crop ? ResizeMode::kShortest : ResizeMode::kStretch;
  return spec;
}

TEST(Preprocess, EqualsPillowToTheLastBit) {
  std::ifstream golden(KILOWORD_TESTS_DIR "/image/data/resize_pillow.txt");
  int cases = 0;
  for (std::string line; std::getline(golden, line);) {
    std::istringstream words(line);
    std::string kind;
    int in_width = 0;
    int in_height = 0;
    int width = 0;
    int height = 0;
    uint32_t expected = 0;
    words >> kind;
    if (kind == "resize" || kind == "bilinear") {
      words >> in_width >> in_height >> width >> height >> std::hex >> expected;
      const ResizeFilter filter = kind == "resize" ? ResizeFilter::kBicubic : ResizeFilter::kBilinear;
      EXPECT_EQ(checksum(resize(synthetic(in_width, in_height), width, height, filter)), expected) << line;
    } else if (kind == "crop") {
      words >> in_width >> in_height >> width >> std::hex >> expected;
      EXPECT_EQ(checksum(fit_for_model(synthetic(in_width, in_height), spec_of(width, true))), expected)
          << line;
    } else {
      continue;
    }
    ++cases;
  }
  EXPECT_EQ(cases, 70);
}

/// scripts/goldens/image_fit.py
TEST(Preprocess, EqualsTheReferencesToTheLastBit) {
  const std::map<std::string, ResizeFilter> filters{{"bicubic", ResizeFilter::kBicubic},
                                                    {"bilinear", ResizeFilter::kBilinear},
                                                    {"lanczos", ResizeFilter::kLanczos},
                                                    {"box", ResizeFilter::kBox},
                                                    {"hamming", ResizeFilter::kHamming}};
  const std::map<std::string, ResizeMode> modes{{"shortest", ResizeMode::kShortest},
                                                {"stretch", ResizeMode::kStretch},
                                                {"longest", ResizeMode::kLongest}};
  std::ifstream golden(KILOWORD_TESTS_DIR "/image/data/fit_references.txt");
  int cases = 0;
  for (std::string line; std::getline(golden, line);) {
    if (line.front() == '#') continue;
    std::istringstream words(line);
    std::string reference;
    std::string filter;
    std::string mode;
    int width = 0;
    int height = 0;
    uint32_t expected = 0;
    PreprocessSpec spec;
    words >> reference >> filter >> mode >> width >> height >> spec.size_px >> spec.margin_px >> std::hex >>
        expected;
    spec.filter = filters.at(filter);
    spec.mode = modes.at(mode);
    spec.rounding = reference == "transformers" ? CropRounding::kDown : CropRounding::kHalfToEven;
    EXPECT_EQ(checksum(fit_for_model(synthetic(width, height), spec)), expected) << line;
    ++cases;
  }
  EXPECT_EQ(cases, 108);
}

TEST(Preprocess, CropEqualsResizingAllAndCuttingAfterwards) {
  const Image image = synthetic(90, 50);
  const Image whole = resize(image, 57, 32);  // int(32 * 90 / 50)
  const Image fitted = fit_for_model(image, spec_of(32, true));
  const size_t left = 12;  // round(12.5) is 12: halves to even
  for (size_t y = 0; y < 32; ++y) {
    for (size_t i = 0; i < size_t{32} * 3; ++i) {
      ASSERT_EQ(fitted.rgb[y * 32 * 3 + i], whole.rgb[(y * 57 + left) * 3 + i]) << y << " " << i;
    }
  }
}

TEST(Preprocess, CropLeavesAMarginOut) {
  const Image image = synthetic(90, 50);
  PreprocessSpec spec = spec_of(28, true);
  spec.margin_px = 4;
  const Image whole = resize(image, 57, 32);
  const Image fitted = fit_for_model(image, spec);
  ASSERT_EQ(fitted.width, 28);
  const size_t left = 14;  // round(14.5)
  for (size_t y = 0; y < 28; ++y) {
    for (size_t i = 0; i < size_t{28} * 3; ++i)
      ASSERT_EQ(fitted.rgb[y * 28 * 3 + i], whole.rgb[((y + 2) * 57 + left) * 3 + i]) << y << " " << i;
  }
}

TEST(Preprocess, StretchesWithoutCrop) {
  const Image image = synthetic(90, 50);
  EXPECT_EQ(fit_for_model(image, spec_of(32, false)).rgb, resize(image, 32, 32).rgb);
}

TEST(Preprocess, KeepsAPictureOfTheRightSize) {
  const Image image = synthetic(64, 64);
  EXPECT_EQ(fit_for_model(image, spec_of(64, true)).rgb, image.rgb);
}

TEST(Preprocess, CostsOnlyTheVisiblePartOfExtremeShapes) {
  // Scaled as a whole this strip would have 224 x 22,400,000 pixels.
  const Image strip{1, 100000, std::vector<uint8_t>(300000, 77)};
  const Image fitted = fit_for_model(strip, spec_of(224, true));
  EXPECT_EQ(fitted.rgb, std::vector<uint8_t>(size_t{224} * 224 * 3, 77));
}

PreprocessSpec patches_spec(int patch_px, int max_patches) {
  PreprocessSpec spec;
  spec.mode = ResizeMode::kPatches;
  spec.filter = ResizeFilter::kBilinear;
  spec.patch_px = patch_px;
  spec.max_patches = max_patches;
  return spec;
}

/// scripts/goldens/naflex_towers.py made the sizes and says by what.
TEST(Preprocess, WholePatchesAreAsManyAsTransformersHas) {
  std::ifstream golden(KILOWORD_TESTS_DIR "/image/data/naflex_sizes.txt");
  int cases = 0;
  int patch = 0;
  int most = 0;
  PictureSize full;
  PictureSize expected;
  while (golden >> patch >> most >> full.width >> full.height >> expected.width >> expected.height) {
    const PictureSize size = fitted_size(full, patches_spec(patch, most));
    ASSERT_EQ(size.width, expected.width) << patch << ' ' << most << ' ' << full.width << ' ' << full.height;
    ASSERT_EQ(size.height, expected.height)
        << patch << ' ' << most << ' ' << full.width << ' ' << full.height;
    ++cases;
  }
  EXPECT_EQ(cases, 7 * 17 * 17);
}

TEST(Preprocess, WholePatchesKeepTheShape) {
  const PreprocessSpec spec = patches_spec(8, 24);
  const Image image = synthetic(300, 100);
  const Image fitted = fit_for_model(image, spec);
  EXPECT_EQ(fitted.width, 64);
  EXPECT_EQ(fitted.height, 24);
  EXPECT_EQ(fitted.rgb, resize(image, 64, 24, ResizeFilter::kBilinear).rgb);
  EXPECT_EQ(preprocess(image, spec).size(), size_t{3} * 64 * 24);
  EXPECT_THROW(normalize(image, spec_of(64, true), nullptr), Error);
}

TEST(Preprocess, NormalizesToPlanes) {
  PreprocessSpec spec = spec_of(2, true);
  spec.mean = {0.5F, 0.25F, 0.0F};
  spec.std = {0.5F, 0.25F, 1.0F};
  const Image image{2, 2, {0, 0, 0, 255, 255, 255, 51, 51, 51, 102, 102, 102}};
  const std::vector<float> planes = preprocess(image, spec);
  const std::vector<float> expected = {-1.0F, 1.0F, -0.6F, -0.2F, -1.0F, 3.0F,
                                       -0.2F, 0.6F, 0.0F,  1.0F,  0.2F,  0.4F};
  ASSERT_EQ(planes.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(planes[i], expected[i], 1e-6F) << i;
  }
}

TEST(Preprocess, RefusesEmptyImages) {
  EXPECT_THROW(resize(Image{}, 2, 2), Error);
  EXPECT_THROW(resize(synthetic(2, 2), 0, 2), Error);
  EXPECT_THROW(fit_for_model(Image{}, PreprocessSpec{}), Error);
}

}  // namespace
}  // namespace kiloword
