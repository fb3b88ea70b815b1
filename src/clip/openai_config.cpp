#include "clip/openai_config.h"

#include <cmath>
#include <string>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

constexpr int64_t kHeadWidth = 64;

class Shapes {
 public:
  explicit Shapes(const Checkpoint& checkpoint) : checkpoint_(checkpoint) {}

  bool has(const std::string& name) const { return checkpoint_.find(name) != nullptr; }

  /// Dimension `index` of the tensor `name`, in [low, high].
  int64_t at(const std::string& name, size_t index, int64_t low, int64_t high) const {
    const TensorView* view = checkpoint_.find(name);
    if (view == nullptr) fail("lacks the tensor \"" + name + "\"");
    if (index >= view->shape.size() || view->shape[index] < low || view->shape[index] > high)
      fail("has a tensor \"" + name + "\" of an impossible shape");
    return view->shape[index];
  }

  /// How many of the numbers 0, 1, ... between `start` and `end` name a tensor.
  int64_t count(const std::string& start, const std::string& end) const {
    const auto name = [&](int64_t number) {
      return std::string(start).append(std::to_string(number)).append(end);
    };
    int64_t number = 0;
    while (number < kMaxTowerLayers && has(name(number))) ++number;
    if (number == 0) fail("has no layers " + start);
    return number;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::kModel, "checkpoint " + what, checkpoint_.path().string(),
                "put the model's config.json or open_clip_config.json beside it, or use a CLIP model");
  }

 private:
  const Checkpoint& checkpoint_;
};

/// The side of a square of `tokens` - 1 places.
int64_t grid_side(const Shapes& shapes, const std::string& positions) {
  const int64_t places = shapes.at(positions, 0, 2, kMaxImageSize * kMaxImageSize) - 1;
  const auto side = static_cast<int64_t>(std::lround(std::sqrt(static_cast<double>(places))));
  if (side * side != places) shapes.fail("has positions \"" + positions + "\" that do not form a square");
  return side;
}

int64_t heads_of(const Shapes& shapes, int64_t width) {
  if (width % kHeadWidth != 0) shapes.fail("has a width that is not a multiple of 64");
  return width / kHeadWidth;
}

VisionConfig read_vision_transformer(const Shapes& shapes) {
  VisionConfig vision;
  vision.width = shapes.at("visual.conv1.weight", 0, 1, kMaxTowerWidth);
  vision.patch_size = shapes.at("visual.conv1.weight", 2, 1, kMaxImageSize);
  vision.image_size = vision.patch_size * grid_side(shapes, "visual.positional_embedding");
  if (vision.image_size > kMaxImageSize) shapes.fail("wants images that are too large");
  vision.layers = shapes.count("visual.transformer.resblocks.", ".attn.in_proj_weight");
  vision.hidden = shapes.at("visual.transformer.resblocks.0.mlp.c_fc.weight", 0, 1, kMaxTowerHidden);
  vision.heads = heads_of(shapes, vision.width);
  return vision;
}

VisionConfig read_resnet(const Shapes& shapes) {
  VisionConfig vision;
  vision.kind = VisionKind::kModifiedResNet;
  vision.width = shapes.at("visual.layer1.0.conv1.weight", 0, 2, kMaxResNetWidth);
  for (const char* stage : {"visual.layer1.", "visual.layer2.", "visual.layer3.", "visual.layer4."})
    vision.stage_blocks.push_back(shapes.count(stage, ".conv1.weight"));
  constexpr int64_t kReduction = 32;
  vision.image_size = kReduction * grid_side(shapes, "visual.attnpool.positional_embedding");
  if (vision.image_size > kMaxImageSize || vision.width % 2 != 0)
    shapes.fail("has an impossible image tower");
  vision.heads = heads_of(shapes, vision.width * kReduction);
  return vision;
}

}  // namespace

bool is_openai_checkpoint(const Checkpoint& checkpoint) {
  return checkpoint.find("input_resolution") != nullptr && checkpoint.find("visual.conv1.weight") != nullptr;
}

bool has_openai_names(const Checkpoint& checkpoint) {
  const bool image = checkpoint.find("visual.proj") != nullptr ||
                     checkpoint.find("visual.attnpool.positional_embedding") != nullptr;
  return image && checkpoint.find("visual.conv1.weight") != nullptr &&
         checkpoint.find("token_embedding.weight") != nullptr &&
         checkpoint.find("text_projection") != nullptr;
}

ClipConfig read_openai_config(const Checkpoint& checkpoint) {
  const Shapes shapes(checkpoint);
  if (shapes.has("visual.attn_pool.probe")) {
    throw Error(ErrorKind::kModel, "a Perception Encoder in Meta's own layout, which is not supported",
                checkpoint.path().string(), "use the same model in OpenCLIP's layout (kiloword models list)");
  }
  ClipConfig config;
  config.vision = shapes.has("visual.proj") ? read_vision_transformer(shapes) : read_resnet(shapes);
  TextConfig& text = config.text;
  text.vocab_size = shapes.at("token_embedding.weight", 0, 1, kMaxVocabulary);
  text.width = shapes.at("token_embedding.weight", 1, 1, kMaxTowerWidth);
  text.context_length = shapes.at("positional_embedding", 0, 2, kMaxContext);
  text.layers = shapes.count("transformer.resblocks.", ".attn.in_proj_weight");
  text.hidden = shapes.at("transformer.resblocks.0.mlp.c_fc.weight", 0, 1, kMaxTowerHidden);
  text.heads = heads_of(shapes, text.width);
  config.projection_dim = shapes.at("text_projection", 1, 1, kMaxTowerWidth);
  return config;
}

}  // namespace kiloword
