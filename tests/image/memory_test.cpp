// Small files that ask for much memory: what decoding takes is bounded by the limit of pixels.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "image/test_images.h"
#include "kiloword/base/error.h"
#include "kiloword/image/decode.h"

namespace kiloword {
namespace {

using namespace std::string_literals;
using test::deflated;
using test::little_endian;
using test::png_chunk;
using test::tiff_entry;

constexpr int64_t kMebibyte = 1 << 20;

int64_t peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return int64_t{usage.ru_maxrss} * 1024;
}

enum class Outcome { kDecoded, kRefused, kOverTheBound, kDied };

/// Decodes in a process of its own, whose peak is that of this file alone.
Outcome outcome(const std::string& bytes, int64_t max_pixels) {
  const pid_t child = fork();
  if (child == 0) {
    const int64_t before = peak_bytes();
    Outcome result = Outcome::kDecoded;
    try {
      DecodeLimits limits;
      limits.max_pixels = max_pixels;
      decode_image(bytes, limits);
    } catch (const Error&) {
      result = Outcome::kRefused;
    }
    if (peak_bytes() - before > max_pixels * 6 + 64 * kMebibyte) result = Outcome::kOverTheBound;
    _exit(static_cast<int>(result));
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? static_cast<Outcome>(WEXITSTATUS(status)) : Outcome::kDied;
}

/// A deflated TIFF of 8 or 16 bits; the entries of its layout come in order of their tags.
std::string tiff(uint32_t width, uint32_t height, uint32_t bits, uint32_t samples, uint32_t tile_side,
                 const std::string& data) {
  const size_t count = tile_side > 0 ? 10 : 9;
  const auto at = static_cast<uint32_t>(8 + 2 + count * 12 + 4);
  const auto bytes = static_cast<uint32_t>(data.size());
  std::string entries = tiff_entry(256, 4, 1, width) + tiff_entry(257, 4, 1, height) +
                        tiff_entry(258, 3, 1, bits) + tiff_entry(259, 3, 1, 8) +
                        tiff_entry(262, 3, 1, samples >= 3 ? 2 : 1);
  if (tile_side > 0) {
    entries += tiff_entry(277, 3, 1, samples) + tiff_entry(322, 4, 1, tile_side) +
               tiff_entry(323, 4, 1, tile_side) + tiff_entry(324, 4, 1, at) + tiff_entry(325, 4, 1, bytes);
  } else {
    entries += tiff_entry(273, 4, 1, at) + tiff_entry(277, 3, 1, samples) + tiff_entry(278, 4, 1, height) +
               tiff_entry(279, 4, 1, bytes);
  }
  return "II*\0"s + little_endian(8, 4) + little_endian(count, 2) + entries + little_endian(0, 4) + data;
}

TEST(DecodingMemory, TilesAndSamplesAreBounded) {
  const std::string junk = deflated(std::string(100000, '\0')) + std::string(3'000'000, '\0');
  EXPECT_EQ(outcome(tiff(64, 64, 8, 1, 65520, junk), 10000), Outcome::kRefused);
  EXPECT_EQ(outcome(tiff(100, 100, 8, 60000, 0, junk), 10000), Outcome::kRefused);
}

TEST(DecodingMemory, StripsAreReadRowByRow) {
  constexpr uint32_t kSide = 4000;
  const std::string strip = deflated(std::string(size_t{kSide} * kSide * 8, '\0'));
  EXPECT_EQ(outcome(tiff(kSide, kSide, 16, 4, 0, strip), int64_t{kSide} * kSide), Outcome::kDecoded);
}

TEST(DecodingMemory, LongRowsOfPngAreDecodedWithinTheBound) {
  constexpr uint32_t kWidth = 30'000'000;
  const auto png = [](int bits, int type, size_t pixel_bytes) {
    return test::png_start(kWidth, 1, bits, type) +
           png_chunk("IDAT", deflated(std::string(kWidth * pixel_bytes + 1, '\0'))) + png_chunk("IEND", "");
  };
  EXPECT_EQ(outcome(png(8, 2, 3), kWidth), Outcome::kDecoded);
  EXPECT_EQ(outcome(png(8, 0, 1), kWidth), Outcome::kDecoded);
  EXPECT_EQ(outcome(png(16, 6, 8), kWidth), Outcome::kDecoded);
}

TEST(DecodingMemory, LongRowsOfTiffAreDecodedWithinTheBound) {
  constexpr uint32_t kWidth = 30'000'000;
  for (const uint32_t samples : {1U, 3U}) {
    const std::string row = deflated(std::string(size_t{kWidth} * samples, '\0'));
    EXPECT_EQ(outcome(tiff(kWidth, 1, 8, samples, 0, row), kWidth), Outcome::kDecoded) << samples;
  }
}

}  // namespace
}  // namespace kiloword
