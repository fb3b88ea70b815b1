#include "clip/mobile_trunk.h"

#include <string>
#include <utility>
#include <vector>

namespace kiloword {
namespace {

constexpr int64_t kLeastFastVitImage = 32;

/// Vasu et al. 2024, table 11, and Faghri et al. 2025: blocks of each stage, channels behind the stem, and
/// how much wider the feed-forward layers are.
struct FastVitShape {
  const char* name;
  int64_t width;
  std::vector<int64_t> stage_blocks;
  int64_t hidden_ratio;
};

std::vector<FastVitShape> fastvit_shapes() {
  return {{"fastvit_mci0", 64, {2, 6, 10, 2}, 3},
          {"fastvit_mci1", 64, {4, 12, 20, 4}, 3},
          {"fastvit_mci2", 80, {4, 12, 24, 4}, 3},
          {"fastvit_mci3", 96, {2, 12, 24, 4, 2}, 4},
          {"fastvit_mci4", 128, {2, 12, 24, 4, 4}, 4}};
}

VisionConfig transformer(const ConfigReader& config, int64_t image_size) {
  constexpr int64_t kImageSize = 224;
  check_trunk_head(config, "token");
  if (image_size != kImageSize)
    config.refuse("image_size", "is not 224, which is not supported for this tower");
  VisionConfig vision;
  vision.image_size = kImageSize;
  vision.activation = Activation::kGelu;
  vision.timm_names = true;
  return vision;
}

}  // namespace

void check_trunk_head(const ConfigReader& config, const std::string& pool) {
  if (config.text("timm_pool", "avg") != pool)
    config.refuse("timm_pool", "is not \"" + pool + "\", which is not supported for this tower");
  if (!config.is_null("timm_proj") && !config.text("timm_proj", "linear").empty())
    config.refuse("timm_proj", "is not null, which is not supported for this tower");
}

std::optional<VisionConfig> read_mobile_trunk(const ConfigReader& config, int64_t image_size) {
  const std::string name = config.text("timm_model_name", "");
  if (name == "vit_base_mci_224") {
    VisionConfig vision = transformer(config, image_size);
    vision.kind = VisionKind::kStemTransformer;
    vision.patch_size = 16;
    vision.norm_epsilon = 1e-6;
    return vision;
  }
  if (name == "vit_large_patch14_clip_224") {
    VisionConfig vision = transformer(config, image_size);
    vision.patch_size = 14;
    vision.width = 1024;
    vision.hidden = 4096;
    vision.layers = 24;
    vision.heads = 16;
    return vision;
  }
  for (FastVitShape& shape : fastvit_shapes()) {
    if (name != shape.name) continue;
    check_trunk_head(config, "avg");
    if (image_size < kLeastFastVitImage)
      config.fail("image_size", "is below " + std::to_string(kLeastFastVitImage));
    VisionConfig vision;
    vision.kind = VisionKind::kFastVit;
    vision.image_size = image_size;
    vision.width = shape.width;
    vision.stage_blocks = std::move(shape.stage_blocks);
    vision.hidden_ratio = shape.hidden_ratio;
    vision.activation = Activation::kGelu;
    vision.timm_names = true;
    return vision;
  }
  return std::nullopt;
}

}  // namespace kiloword
