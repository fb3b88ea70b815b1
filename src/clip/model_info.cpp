#include "kiloword/clip/model_info.h"

#include <utility>

#include "clip/config.h"
#include "clip/model_files.h"

namespace kiloword {
namespace {

std::string number(int64_t value) {
  return std::to_string(value);
}

/// How images are seen.
std::string describe(const PreprocessSpec& preprocess) {
  if (preprocess.mode == ResizeMode::kPatches) {
    return "of any shape, up to " + number(preprocess.max_patches) + " patches of " +
           number(preprocess.patch_px) + " px";
  }
  return number(preprocess.size_px) + " x " + number(preprocess.size_px) + " px";
}

std::string describe(const VisionConfig& vision) {
  const bool naflex = vision.kind == VisionKind::kNaFlex;
  const std::string images =
      naflex ? ", images of any shape" : ", images of " + number(vision.image_size) + " px";
  if (vision.kind == VisionKind::kEfficientNetLite)
    return vision.network + ", " + number(vision.width) + " features" + images;
  if (vision.kind != VisionKind::kModifiedResNet && vision.kind != VisionKind::kFastVit) {
    const char* pooled = naflex || vision.kind == VisionKind::kAttentionPooled ? " pooled by attention, "
                         : vision.kind == VisionKind::kStemTransformer   ? " with a convolutional stem, "
                         : vision.kind == VisionKind::kCoca              ? " with attentional pooler, "
                         : vision.kind == VisionKind::kPerceptionEncoder ? " with rotary positions, "
                                                                         : ", ";
    return std::string("vision transformer") + pooled + number(vision.layers) + " layers, width " +
           number(vision.width) + ", patches of " + number(vision.patch_size) + " px" + images;
  }
  std::string blocks;
  for (const int64_t count : vision.stage_blocks) blocks += (blocks.empty() ? "" : "-") + number(count);
  const char* network = vision.kind == VisionKind::kFastVit ? "FastViT" : "modified ResNet";
  return std::string(network) + ", stages of " + blocks + " blocks, width " + number(vision.width) + images;
}

std::string describe(const TextConfig& text) {
  return "transformer, " + number(text.layers) + " layers, width " + number(text.width) + ", " +
         number(text.context_length) + " tokens, vocabulary of " + number(text.vocab_size);
}

}  // namespace

ClipModelInfo read_clip_model_info(const std::filesystem::path& model) {
  const ModelFiles files = find_model_files(model);
  const ClipConfig config = read_config(files);
  std::string text = describe(config.text);
  if (config.decoder) text += "; decoder for descriptions of " + number(config.decoder->layers) + " layers";
  return {describe(config.vision),
          std::move(text),
          config.vision.network,
          describe(read_preprocessing(files, config)),
          config.projection_dim,
          static_cast<int>(config.text.context_length),
          files.folder,
          find_cleaning(files, config)};
}

}  // namespace kiloword
