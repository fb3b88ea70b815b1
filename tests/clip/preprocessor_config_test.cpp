#include "clip/preprocessor_config.h"

#include <gmock/gmock.h>

#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using ::testing::ElementsAre;

PreprocessSpec read(const std::string& json, int image_size = 224, ClipFamily family = ClipFamily::kClip) {
  const testing::TemporaryFolder folder;
  folder.write("preprocessor_config.json", json);
  return read_image_processor(folder.path(), image_size, family);
}

std::string error_of(const std::string& json, int image_size = 224) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.write("preprocessor_config.json", json).string();
  try {
    read_image_processor(folder.path(), image_size, ClipFamily::kClip);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    EXPECT_EQ(error.where(), path);
    return error.message();
  }
  return "no error";
}

TEST(PreprocessorConfig, AbsentMeansClip) {
  const PreprocessSpec spec = read_image_processor("/nonexistent", 336, ClipFamily::kClip);
  EXPECT_EQ(spec.size_px, 336);
  EXPECT_EQ(spec.mode, ResizeMode::kShortest);
  EXPECT_EQ(spec.rounding, CropRounding::kDown);
  EXPECT_THAT(spec.mean, ElementsAre(0.48145466F, 0.4578275F, 0.40821073F));
  EXPECT_THAT(spec.std, ElementsAre(0.26862954F, 0.26130258F, 0.27577711F));
  EXPECT_EQ(read("{}").size_px, 224);
}

TEST(PreprocessorConfig, ProcessorConfigCountsFirst) {
  const testing::TemporaryFolder folder;
  folder.write("preprocessor_config.json", R"({"image_mean": [0.1, 0.1, 0.1]})");
  folder.write("processor_config.json", R"({
    "image_processor": {"image_processor_type": "CLIPImageProcessor", "image_mean": [0.5, 0.5, 0.5]},
    "video_processor": {"image_mean": [0.9, 0.9, 0.9]}, "chat_template": "{{ messages }}",
    "processor_class": "CLIPProcessor"})");
  EXPECT_EQ(read_image_processor(folder.path(), 224, ClipFamily::kClip).mean[0], 0.5F);
  // That of a processor without a part for images, as transformers 4 wrote it.
  folder.write("processor_config.json", R"({"processor_class": "CLIPProcessor"})");
  EXPECT_EQ(read_image_processor(folder.path(), 224, ClipFamily::kClip).mean[0], 0.1F);
}

TEST(PreprocessorConfig, LinkToNothingIsAnError) {
  const testing::TemporaryFolder folder;
  for (const char* name : {"preprocessor_config.json", "processor_config.json"}) {
    std::filesystem::create_symlink(folder.path() / "nothing", folder.path() / name);
    EXPECT_THROW(read_image_processor(folder.path(), 224, ClipFamily::kClip), Error);
    std::filesystem::remove(folder.path() / name);
  }
}

TEST(PreprocessorConfig, EverySpellingOfASize) {
  EXPECT_EQ(read(R"({"size": 224, "crop_size": 224})").size_px, 224);
  EXPECT_EQ(read(R"({"size": {"shortest_edge": 224}, "crop_size": {"height": 224, "width": 224}})").size_px,
            224);
  const PreprocessSpec stretched =
      read(R"({"size": {"height": 224, "width": 224}, "do_center_crop": false})");
  EXPECT_EQ(stretched.mode, ResizeMode::kStretch);
  EXPECT_EQ(read(R"({"size": {"height": 224, "width": 224}, "do_center_crop": null})").mode,
            ResizeMode::kStretch);
}

/// As transformers 5.24's CLIPImageProcessor: a size that the file leaves out is the processor's own, not the
/// network's.
TEST(PreprocessorConfig, AbsentSizesAre224) {
  EXPECT_EQ(read(R"({"crop_size": 64})", 64).margin_px, 224 - 64);
  EXPECT_EQ(read(R"({"crop_size": 64, "size": null})", 64).margin_px, 224 - 64);
  EXPECT_EQ(error_of("{}", 64), "crop_size is 224, but the image_size of config.json is 64");
  EXPECT_EQ(error_of(R"({"image_processor_type": "SiglipImageProcessor"})", 64),
            "size is 224, but the image_size of config.json is 64");
}

TEST(PreprocessorConfig, ListsAndDefaultToSquare) {
  EXPECT_EQ(read(R"({"size": [256, 256], "crop_size": [224, 224]})").mode, ResizeMode::kStretch);
  EXPECT_EQ(read(R"({"size": 256, "default_to_square": true})").mode, ResizeMode::kStretch);
  EXPECT_EQ(read(R"({"size": 256, "default_to_square": false})").mode, ResizeMode::kShortest);
  EXPECT_EQ(error_of(R"({"size": [256, 224]})"), "size is not square");
  EXPECT_EQ(error_of(R"({"crop_size": {"shortest_edge": 224}})"), "crop_size.height is missing");
  EXPECT_EQ(error_of(R"({"use_square_size": true})"), "use_square_size is on, which is not supported");
}

TEST(PreprocessorConfig, CropThatLeavesAMarginOut) {
  EXPECT_EQ(read(R"({"size": 224})").margin_px, 0);
  const PreprocessSpec spec = read(R"({"size": {"shortest_edge": 256}, "crop_size": 224})");
  EXPECT_EQ(spec.size_px, 224);
  EXPECT_EQ(spec.margin_px, 32);
  EXPECT_EQ(spec.mode, ResizeMode::kShortest);
  const PreprocessSpec stretched = read(R"({"size": {"height": 256, "width": 256}, "crop_size": 224})");
  EXPECT_EQ(stretched.margin_px, 32);
  EXPECT_EQ(stretched.mode, ResizeMode::kStretch);
}

TEST(PreprocessorConfig, DefaultsAreTheProcessors) {
  const PreprocessSpec siglip =
      read(R"({"image_processor_type": "SiglipImageProcessorFast", "size": {"height": 224, "width": 224}})");
  EXPECT_EQ(siglip.mode, ResizeMode::kStretch);
  EXPECT_EQ(siglip.mean[0], 0.5F);
  const PreprocessSpec vit = read(R"({"image_processor_type": "ViTImageProcessor", "size": 224})");
  EXPECT_EQ(vit.mode, ResizeMode::kStretch);
  EXPECT_EQ(vit.filter, ResizeFilter::kBilinear);
  EXPECT_EQ(read(R"({"feature_extractor_type": "CLIPFeatureExtractor"})").mode, ResizeMode::kShortest);
  EXPECT_EQ(read(R"({"size": {"height": 224, "width": 224}})", 224, ClipFamily::kSiglip).mean[0], 0.5F);
}

TEST(PreprocessorConfig, Filters) {
  EXPECT_EQ(read("{}").filter, ResizeFilter::kBicubic);
  EXPECT_EQ(read(R"({"resample": 1})").filter, ResizeFilter::kLanczos);
  EXPECT_EQ(read(R"({"resample": 2})").filter, ResizeFilter::kBilinear);
  EXPECT_EQ(read(R"({"resample": 5})").filter, ResizeFilter::kHamming);
  EXPECT_EQ(read(R"({"resample": "bicubic"})").filter, ResizeFilter::kBicubic);
  EXPECT_EQ(read(R"({"resample": "lanczos"})").filter, ResizeFilter::kLanczos);
  EXPECT_EQ(error_of(R"({"resample": "nearest"})"), "resample names a filter that is not supported");
  EXPECT_EQ(error_of(R"({"resample": 0})"), "resample is 0 (nearest), which is not supported");
}

TEST(PreprocessorConfig, ScaleAndNormalizationCanBeOff) {
  EXPECT_EQ(read("{}").level_range, 255.0F);
  EXPECT_EQ(read(R"({"rescale_factor": 0.00392156862745098})").level_range, 255.0F);
  EXPECT_EQ(read(R"({"rescale_factor": 0.00784313725490196})").level_range, 127.5F);
  EXPECT_EQ(read(R"({"do_rescale": false, "image_mean": [127.5, 127.5, 127.5]})").level_range, 1.0F);
  const PreprocessSpec plain = read(R"({"do_normalize": false, "image_mean": [0.5, 0.5, 0.5]})");
  EXPECT_THAT(plain.mean, ElementsAre(0.0F, 0.0F, 0.0F));
  EXPECT_THAT(plain.std, ElementsAre(1.0F, 1.0F, 1.0F));
}

TEST(PreprocessorConfig, MeanAndDeviation) {
  const PreprocessSpec spec = read(R"({"image_mean": [0.5, 0.25, 0], "image_std": [1, 2, 0.5]})");
  EXPECT_THAT(spec.mean, ElementsAre(0.5F, 0.25F, 0.0F));
  EXPECT_THAT(spec.std, ElementsAre(1.0F, 2.0F, 0.5F));
}

PreprocessSpec read_naflex(const std::string& json, int patch_size = 16) {
  const testing::TemporaryFolder folder;
  folder.write("preprocessor_config.json", json);
  return read_naflex_processor(folder.path(), patch_size);
}

std::string naflex_error_of(const std::string& json) {
  try {
    read_naflex(json);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    return error.message();
  }
  return "no error";
}

TEST(PreprocessorConfig, NaFlex) {
  for (const PreprocessSpec& spec : {read_naflex_processor("/nonexistent", 16), read_naflex("{}")}) {
    EXPECT_EQ(spec.mode, ResizeMode::kPatches);
    EXPECT_EQ(spec.filter, ResizeFilter::kBilinear);
    EXPECT_EQ(spec.patch_px, 16);
    EXPECT_EQ(spec.max_patches, 256);
    EXPECT_EQ(spec.size_px, 256);
    EXPECT_THAT(spec.mean, ElementsAre(0.5F, 0.5F, 0.5F));
  }
  const PreprocessSpec more = read_naflex(
      R"({"image_processor_type": "Siglip2ImageProcessorFast", "max_num_patches": 1023, "resample": 3})");
  EXPECT_EQ(more.max_patches, 1023);
  EXPECT_EQ(more.size_px, 31 * 16);
  EXPECT_EQ(more.filter, ResizeFilter::kBicubic);
}

TEST(PreprocessorConfig, NaFlexErrors) {
  EXPECT_EQ(naflex_error_of(R"({"max_num_patches": 0})"),
            "max_num_patches must be a whole number from 1 to 4096");
  EXPECT_EQ(naflex_error_of(R"({"max_num_patches": 1000000000000})"),
            "max_num_patches must be a whole number from 1 to 4096");
  EXPECT_EQ(naflex_error_of(R"({"patch_size": 14})"), "patch_size is 14, but that of config.json is 16");
  EXPECT_EQ(naflex_error_of(R"({"do_resize": false})"), "do_resize is off, which is not supported");
  EXPECT_EQ(naflex_error_of(R"({"image_processor_type": "SiglipImageProcessor"})"),
            "image_processor_type is \"SiglipImageProcessor\", but NaFlex models have SigLIP 2's");
  EXPECT_EQ(error_of(R"({"image_processor_type": "Siglip2ImageProcessor"})"),
            "image_processor_type is \"Siglip2ImageProcessor\", but the model is not a NaFlex SigLIP 2");
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
            "image_mean must be a list of 3 numbers from -1000.0 to 1000.0");
  EXPECT_EQ(error_of(R"({"image_std": [0.5, 0, 0.5]})"),
            "image_std must be a list of 3 numbers from 1e-06 to 1000.0");
  EXPECT_EQ(error_of(R"({"do_resize": false})"), "do_resize is off, which is not supported");
  EXPECT_EQ(error_of(R"({"do_pad": true})"), "do_pad is on, which is not supported");
  EXPECT_EQ(error_of(R"({"do_center_crop": false, "size": {"shortest_edge": 224}})"),
            "size is the shortest side's, without a crop, which is not supported");
  EXPECT_EQ(error_of(R"({"size": {"shortest_edge": 224, "longest_edge": 300}})"),
            "size.longest_edge is not supported");
  EXPECT_EQ(
      error_of(R"({"image_processor_type": "PixtralImageProcessor"})"),
      "image_processor_type is \"PixtralImageProcessor\", of which only CLIP's, SigLIP's, BiT's and ViT's "
      "are supported");
}

}  // namespace
}  // namespace kiloword
