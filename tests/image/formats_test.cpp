// Formats of libraries and programs, against what other programs make of the same files.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

#include "image/test_images.h"
#include "kiloword/base/error.h"
#include "kiloword/image/codecs.h"
#include "kiloword/image/decode.h"
#include "kiloword/image/probe.h"

namespace kiloword {
namespace {

using test::sample;

constexpr size_t kCells = 8;  // a side

/// The mean red, green and blue of each of 8 x 8 cells.
std::vector<double> cells(const Image& image) {
  const auto width = static_cast<size_t>(image.width);
  const auto height = static_cast<size_t>(image.height);
  std::vector<double> means;
  for (size_t row = 0; row < kCells; ++row) {
    for (size_t column = 0; column < kCells; ++column) {
      std::array<double, 3> sums{};
      size_t count = 0;
      for (size_t y = height * row / kCells; y < height * (row + 1) / kCells; ++y) {
        for (size_t x = width * column / kCells; x < width * (column + 1) / kCells; ++x, ++count) {
          for (size_t channel = 0; channel < 3; ++channel) {
            sums[channel] += image.rgb[(y * width + x) * 3 + channel];
          }
        }
      }
      for (const double sum : sums) means.push_back(sum / static_cast<double>(count));
    }
  }
  return means;
}

double cosine(const std::vector<double>& a, const std::vector<double>& b) {
  double product = 0;
  double of_a = 0;
  double of_b = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    product += a[i] * b[i];
    of_a += a[i] * a[i];
    of_b += b[i] * b[i];
  }
  return product / std::sqrt(of_a * of_b);
}

bool is_missing(const Error& error) {
  return error.message().find(" need") != std::string::npos && error.remedy().rfind("install ", 0) == 0;
}

TEST(Formats, EqualTheReferences) {
  std::ifstream golden(KILOWORD_TESTS_DIR "/image/data/formats/reference.txt");
  int compared = 0;
  std::string missing;
  for (std::string line; std::getline(golden, line);) {
    std::istringstream words(line);
    std::string name;
    double tolerance = 0;
    int width = 0;
    int height = 0;
    if (line[0] == '#' || !(words >> name >> tolerance >> width >> height)) continue;
    std::vector<double> expected;
    for (double value = 0; words >> value;) expected.push_back(value);
    ASSERT_EQ(expected.size(), kCells * kCells * 3) << name;
    try {
      const Image image = decode_image(sample("formats/" + name));
      EXPECT_EQ(image.width, width) << name;
      EXPECT_EQ(image.height, height) << name;
      const std::vector<double> means = cells(image);
      double worst = 0;
      for (size_t i = 0; i < means.size(); ++i) worst = std::max(worst, std::abs(means[i] - expected[i]));
      EXPECT_LE(worst, tolerance + 0.06) << name;  // the references are rounded
      EXPECT_GT(cosine(means, expected), 0.999) << name;
      ++compared;
    } catch (const Error& error) {
      EXPECT_TRUE(is_missing(error)) << name << ": " << error.message();
      missing += " " + name;
    }
  }
  EXPECT_GE(compared, 12);
  if (!missing.empty()) GTEST_SKIP() << "not built in or not installed, for" << missing;
}

TEST(Formats, HeaderAgreesWithThePicture) {
  for (const char* name : {"rgb.heic", "irot.avif", "crop.avif", "turned.jxl", "raw-6.dng", "icon-32.ico",
                           "png.ico", "rle.tga", "alpha.pam"}) {
    const std::string bytes = sample(std::string("formats/") + name);
    try {
      const ImageHeader header = probe_image(bytes);
      const Image image = decode_image(bytes);
      const bool is_turned = header.orientation >= 5;
      EXPECT_EQ(image.width, is_turned ? header.height : header.width) << name;
      EXPECT_EQ(image.height, is_turned ? header.width : header.height) << name;
    } catch (const Error& error) {
      EXPECT_TRUE(is_missing(error)) << name << ": " << error.message();
    }
  }
}

TEST(Formats, CodecsAreListed) {
  const std::vector<OptionalCodec> codecs = optional_codecs();
  ASSERT_EQ(codecs.size(), 7U);
  for (const OptionalCodec& codec : codecs) {
    EXPECT_NE(codec.formats, "");
    EXPECT_NE(codec.state, "") << codec.name;
  }
}

}  // namespace
}  // namespace kiloword
