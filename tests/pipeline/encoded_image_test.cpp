#include "kiloword/pipeline/encoded_image.h"

#include <gtest/gtest.h>

#include "support/fake_encoder.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::FakeEncoder;
using testing::TemporaryFolder;

std::string ppm(int width, int height) {
  std::string text = "P3 " + std::to_string(width) + " " + std::to_string(height) + " 255\n";
  for (int i = 0; i < width * height; ++i)
    text += std::to_string(i % 200) + " 20 " + std::to_string(width) + "\n";
  return text;
}

TEST(EncodedImages, KeepTheirOrderAndNumbersWhateverTheWorkersAndTheBatch) {
  const TemporaryFolder folder;
  std::vector<std::string> paths;
  for (int i = 1; i <= 30; ++i) {
    paths.push_back(i % 7 == 0 ? "absent" + std::to_string(i)
                               : folder.write(std::to_string(i) + ".ppm", ppm(i, 31 - i)).string());
  }
  std::vector<std::vector<float>> alone;
  for (const int workers : {1, 3, 8}) {
    for (const size_t images_per_call : {size_t{1}, size_t{4}, size_t{64}}) {
      FakeEncoder encoder;
      EncodeOptions options;
      options.queue.workers = workers;
      options.queue.images_per_call = images_per_call;
      std::vector<std::string> seen;
      for_each_encoded_image(paths, encoder, options, [&](const EncodedImage& encoded) {
        const size_t index = seen.size();
        seen.push_back(encoded.image.path);
        EXPECT_EQ(encoded.image.error.has_value(), (index + 1) % 7 == 0);
        EXPECT_TRUE(encoded.image.pixels.empty());
        if (alone.size() == index) alone.push_back(encoded.embedding.values);
        EXPECT_EQ(encoded.embedding.values, alone[index]);
      });
      EXPECT_EQ(seen, paths);
    }
  }
}

TEST(EncodedImages, AnExceptionOfTheUserEndsTheRun) {
  const TemporaryFolder folder;
  const std::vector<std::string> paths(40, folder.write("a.ppm", ppm(2, 2)).string());
  FakeEncoder encoder;
  EncodeOptions options;
  options.queue.workers = 2;
  int used = 0;
  const auto stop_at_third = [&](const EncodedImage&) {
    if (++used == 3) throw std::runtime_error("stop");
  };
  EXPECT_THROW(for_each_encoded_image(paths, encoder, options, stop_at_third), std::runtime_error);
  EXPECT_EQ(used, 3);
}

/// Finds the number of an image in its call.
class FindingEncoder : public FakeEncoder {
 public:
  Embeddings encode_images(const std::vector<float>& pixels, int64_t count) override {
    Embeddings result = FakeEncoder::encode_images(pixels, count);
    result.finding_count = 1;
    for (int64_t i = 0; i < count; ++i) result.findings.push_back(static_cast<float>(i));
    return result;
  }
};

TEST(EncodedImages, FindingsOfSeveralFramesAreThoseOfTheNearestToTheMean) {
  FindingEncoder encoder;
  EncodedImage video;
  for (const auto& [x, y] : {std::pair(1.0F, 0.0F), std::pair(1.0F, 0.1F), std::pair(0.0F, 1.0F)}) {
    PreparedFrame& frame = video.image.frames.emplace_back();
    frame.pixels = {x, y, 0, 0, 0, 0, 0, 0};
  }
  encode(encoder, {&video});
  EXPECT_EQ(video.embedding.rows, 1);
  EXPECT_EQ(video.embedding.findings, std::vector<float>({1}));
  EncodedImage still;
  still.image.pixels = {1, 0, 0, 0, 0, 0, 0, 0};
  encode(encoder, {&still});
  EXPECT_EQ(still.embedding.findings, std::vector<float>({0}));
}

class BrokenEncoder : public FakeEncoder {
 public:
  Embeddings encode_images(const std::vector<float>& /*pixels*/, int64_t /*count*/) override {
    throw Error(ErrorKind::kModel, "broken");
  }
};

TEST(EncodedImages, AnExceptionOfTheEncoderReachesTheCaller) {
  const TemporaryFolder folder;
  BrokenEncoder encoder;
  EXPECT_THROW(for_each_encoded_image(std::vector<std::string>{folder.write("a.ppm", ppm(2, 2)).string()},
                                      encoder, {}, [](const EncodedImage&) {}),
               Error);
}

}  // namespace
}  // namespace kiloword
