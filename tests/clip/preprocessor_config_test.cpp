#include "clip/preprocessor_config.h"

#include <gmock/gmock.h>

#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using ::testing::ElementsAre;

PreprocessSpec read(const std::string& json, int image_size = 224) {
  const testing::TemporaryFolder folder;
  return read_preprocessor_config(folder.write("preprocessor_config.json", json), image_size,
                                  ClipFamily::kClip);
}

std::string error_of(const std::string& json) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.write("preprocessor_config.json", json).string();
  try {
    read_preprocessor_config(path, 224, ClipFamily::kClip);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    EXPECT_EQ(error.where(), path);
    return error.message();
  }
  return "no error";
}

TEST(PreprocessorConfig, AbsentMeansClip) {
  const PreprocessSpec spec =
      read_preprocessor_config("/nonexistent/preprocessor_config.json", 336, ClipFamily::kClip);
  EXPECT_EQ(spec.size_px, 336);
  EXPECT_TRUE(spec.center_crop);
  EXPECT_THAT(spec.mean, ElementsAre(0.48145466F, 0.4578275F, 0.40821073F));
  EXPECT_THAT(spec.std, ElementsAre(0.26862954F, 0.26130258F, 0.27577711F));
  EXPECT_EQ(read("{}").size_px, 224);
}

TEST(PreprocessorConfig, EverySpellingOfASize) {
  EXPECT_EQ(read(R"({"size": 224, "crop_size": 224})").size_px, 224);
  EXPECT_EQ(read(R"({"size": {"shortest_edge": 224}, "crop_size": {"height": 224, "width": 224}})").size_px,
            224);
  const PreprocessSpec stretched =
      read(R"({"size": {"height": 224, "width": 224}, "do_center_crop": false})");
  EXPECT_FALSE(stretched.center_crop);
}

TEST(PreprocessorConfig, CropThatLeavesAMarginOut) {
  EXPECT_EQ(read(R"({"size": 224})").margin_px, 0);
  const PreprocessSpec spec = read(R"({"size": {"shortest_edge": 256}, "crop_size": 224})");
  EXPECT_EQ(spec.size_px, 224);
  EXPECT_EQ(spec.margin_px, 32);
}

TEST(PreprocessorConfig, MeanAndDeviation) {
  const PreprocessSpec spec = read(R"({"image_mean": [0.5, 0.25, 0], "image_std": [1, 2, 0.5]})");
  EXPECT_THAT(spec.mean, ElementsAre(0.5F, 0.25F, 0.0F));
  EXPECT_THAT(spec.std, ElementsAre(1.0F, 2.0F, 0.5F));
}

TEST(PreprocessorConfig, Errors) {
  EXPECT_EQ(error_of("[]"), "not a JSON object");
  EXPECT_EQ(error_of("{"), "not valid JSON");
  EXPECT_EQ(error_of(R"({"crop_size": 336})"), "crop_size is 336, but the image_size of config.json is 224");
  EXPECT_EQ(error_of(R"({"do_center_crop": false, "size": 256})"),
            "size is 256, but the image_size of config.json is 224");
  EXPECT_EQ(error_of(R"({"size": 112})"), "size is smaller than crop_size, which is not supported");
  EXPECT_EQ(error_of(R"({"crop_size": "224"})"), "crop_size must be a whole number from 1 to 4096");
  EXPECT_EQ(error_of(R"({"crop_size": {"height": 224, "width": 112}})"), "crop_size is not square");
  EXPECT_EQ(error_of(R"({"crop_size": {"height": 224}})"), "crop_size.width is missing");
  EXPECT_EQ(error_of(R"({"do_center_crop": 1})"), "do_center_crop must be true or false");
  EXPECT_EQ(error_of(R"({"image_mean": [0.5, 0.5]})"),
            "image_mean must be a list of 3 numbers from -100.0 to 100.0");
  EXPECT_EQ(error_of(R"({"image_std": [0.5, 0, 0.5]})"),
            "image_std must be a list of 3 numbers from 1e-06 to 100.0");
}

}  // namespace
}  // namespace kiloword
