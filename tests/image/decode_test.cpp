#include "kiloword/image/decode.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "image/test_images.h"
#include "kiloword/base/error.h"
#include "kiloword/image/probe.h"

namespace kiloword {
namespace {

using test::checksum;
using test::sample;

TEST(Decode, EqualsPillow) {
  std::ifstream golden(KILOWORD_TESTS_DIR "/image/data/decode_pillow.txt");
  int cases = 0;
  for (std::string line; std::getline(golden, line);) {
    std::istringstream words(line);
    std::string name;
    int width = 0;
    int height = 0;
    uint32_t expected = 0;
    if (line[0] == '#' || !(words >> name >> width >> height >> std::hex >> expected)) {
      continue;
    }
    const Image image = decode_image(sample(name));
    EXPECT_EQ(image.width, width) << name;
    EXPECT_EQ(image.height, height) << name;
    EXPECT_EQ(checksum(image), expected) << name;
    ++cases;
  }
  EXPECT_EQ(cases, 31);
}

TEST(Decode, SixteenBitsKeepTheirHighByte) {
  const Image image = decode_image(sample("sixteen.png"));
  for (size_t i = 0; i < size_t{24} * 16; ++i) {
    ASSERT_EQ(image.rgb[i * 3], i * 170 >> 8) << i;
  }
}

TEST(Decode, PixelLimitIsInclusive) {
  EXPECT_EQ(decode_image(sample("rgb.png"), {384}).width, 24);
  try {
    decode_image(sample("rgb.png"), {383});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_EQ(error.message(), "image of 24 x 16 pixels is over the limit of 383");
    EXPECT_EQ(error.remedy(), "make it smaller, or raise --max-pixels");
  }
}

/// Letters as pixels: a letter's code is its red.
Image letters(int width, const std::string& text) {
  std::string ppm = "P6 " + std::to_string(width) + " " +
                    std::to_string(text.size() / static_cast<size_t>(width)) + " 255\n";
  for (const char letter : text) {
    ppm += std::string(3, letter);
  }
  return decode_image(ppm);
}

TEST(Decode, FramesOfGifsLieOnTheirCanvas) {
  using namespace std::string_literals;
  // A canvas of 3 x 2; a frame of 1 x 1 at (2, 1) of colour 1, red.
  const std::string gif = "GIF89a\3\0\2\0\x80\0\0\0\0\0\xFF\0\0"s + ",\2\0\1\0\1\0\1\0\0"s + "\2\2\x4C\1\0;"s;
  const Image image = decode_image(gif);
  std::vector<uint8_t> expected(18, 255);
  expected[16] = expected[17] = 0;
  EXPECT_EQ(image.rgb, expected);
}

TEST(Decode, BitmapsOfNetpbmAreBlackForOne) {
  EXPECT_EQ(decode_image("P1 2 1 10").rgb, (std::vector<uint8_t>{0, 0, 0, 255, 255, 255}));
  EXPECT_EQ(decode_image("P4 2 1 \x80").rgb, (std::vector<uint8_t>{0, 0, 0, 255, 255, 255}));
  EXPECT_EQ(letters(2, "ab").rgb, (std::vector<uint8_t>{'a', 'a', 'a', 'b', 'b', 'b'}));
}

/// A code stream with a tile outside of the picture, on which OpenCV prints what went wrong.
std::string noisy_file() {
  return test::patched(sample("rgb.j2k"), 126, "\x09");
}

TEST(Decode, IsSafeFromSeveralThreads) {
  const std::string png = sample("rgba.png");
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 20; ++k) {
        EXPECT_EQ(checksum(decode_image(png)), 0xa5704fc9U);
        EXPECT_THROW(decode_image(noisy_file()), Error);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST(Decode, PrintsNothingAndLeavesStderrToOthers) {
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  std::vector<std::string> not_refused;
  EXPECT_THROW(decode_image(noisy_file()), Error);
  for (const char* name : {"rgb.jpg", "rgb.png", "flat.gif", "lossy.webp", "rgb.bmp", "lzw.tif", "rgb.jp2"}) {
    const std::string bytes = sample(name);
    const size_t end = bytes.size() - (std::string(name) == "rgb.png" ? 12 : 0);  // of what must be there
    for (const size_t cut : {end / 2, end * 3 / 4, end - 20}) {
      try {
        decode_image(bytes.substr(0, cut));
        not_refused.push_back(name + std::to_string(cut));
      } catch (const Error&) {
        continue;
      }
    }
    for (size_t i = 30; i < bytes.size(); i += 7) {
      try {
        decode_image(test::patched(bytes, i, "\x55"));
      } catch (const Error&) {
        continue;
      }
    }
  }
  std::cerr << "still " << 1 << std::endl;
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "still 1\n");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(not_refused, std::vector<std::string>{});
}

TEST(Probe, ReadsEverySampleHeader) {
  struct Case {
    const char* name;
    const char* format;
    int orientation;
  };
  for (const Case& c :
       {Case{"rgb.jpg", "JPEG", 1}, Case{"turned.jpg", "JPEG", 6}, Case{"turned.png", "PNG", 6},
        Case{"flat.gif", "GIF", 1}, Case{"turned.webp", "WebP", 6}, Case{"lossless.webp", "WebP", 1},
        Case{"rgb.bmp", "BMP", 1}, Case{"turned.tif", "TIFF", 6}, Case{"rgb.jp2", "JPEG 2000", 1},
        Case{"rgb.j2k", "JPEG 2000", 1}, Case{"rgb.ppm", "PNM", 1}}) {
    const ImageHeader header = probe_image(sample(c.name));
    EXPECT_EQ(header.format, c.format) << c.name;
    EXPECT_EQ(header.width, 24) << c.name;
    EXPECT_EQ(header.height, 16) << c.name;
    EXPECT_EQ(header.orientation, c.orientation) << c.name;
  }
}

}  // namespace
}  // namespace kiloword
