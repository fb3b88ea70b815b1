#include "clip/perception_trunk.h"

#include <string>

#include "clip/mobile_trunk.h"

namespace kiloword {
namespace {

/// Bolya et al. 2025, table 3; the smaller ones by their published settings.
struct PerceptionShape {
  const char* name;
  int64_t image_size;
  int64_t patch_size;
  int64_t width;
  int64_t hidden;
  int64_t layers;
  int64_t heads;
  bool has_class_token;
};
constexpr PerceptionShape kShapes[] = {
    {"vit_pe_core_tiny_patch16_384", 384, 16, 192, 768, 12, 3, true},
    {"vit_pe_core_small_patch16_384", 384, 16, 384, 1536, 12, 6, true},
    {"vit_pe_core_base_patch16_224", 224, 16, 768, 3072, 12, 12, true},
    {"vit_pe_core_large_patch14_336", 336, 14, 1024, 4096, 24, 16, true},
    {"vit_pe_core_gigantic_patch14_448", 448, 14, 1536, 8960, 50, 16, false},
};

}  // namespace

std::optional<VisionConfig> read_perception_trunk(const ConfigReader& config, int64_t image_size) {
  const std::string name = config.text("timm_model_name", "");
  for (const PerceptionShape& shape : kShapes) {
    if (name != shape.name) continue;
    check_trunk_head(config, "map");
    if (image_size != shape.image_size) {
      config.refuse("image_size",
                    "is not " + std::to_string(shape.image_size) + ", which is not supported for this tower");
    }
    VisionConfig vision;
    vision.kind = VisionKind::kPerceptionEncoder;
    vision.image_size = shape.image_size;
    vision.patch_size = shape.patch_size;
    vision.width = shape.width;
    vision.hidden = shape.hidden;
    vision.layers = shape.layers;
    vision.heads = shape.heads;
    vision.has_class_token = shape.has_class_token;
    vision.activation = Activation::kGelu;
    vision.timm_names = true;
    return vision;
  }
  return std::nullopt;
}

}  // namespace kiloword
