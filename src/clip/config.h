#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "kiloword/nn/transformer.h"

namespace kiloword {

enum class VisionKind { kVisionTransformer, kModifiedResNet };

/// `vision_config` of a CLIP model. The defaults are those of Hugging Face's CLIPVisionConfig.
struct VisionConfig {
  VisionKind kind = VisionKind::kVisionTransformer;
  int64_t image_size = 224;  ///< S, pixels
  int64_t width = 768;       ///< C; of a ModifiedResNet: channels behind the stem
  int64_t heads = 12;        ///< of a ModifiedResNet: of the attention pooling

  // Vision transformer
  int64_t patch_size = 32;  ///< P, pixels
  int64_t hidden = 3072;
  int64_t layers = 12;
  Activation activation = Activation::kQuickGelu;
  double norm_epsilon = 1e-5;

  // ModifiedResNet
  std::vector<int64_t> stage_blocks;  ///< bottlenecks in each of the four stages
  bool stem_pool = true;              ///< average pooling behind the stem
};

/// `text_config` of a CLIP model. The defaults are those of Hugging Face's CLIPTextConfig.
struct TextConfig {
  int64_t vocab_size = 49408;
  int64_t width = 512;  ///< C
  int64_t hidden = 2048;
  int64_t layers = 12;
  int64_t heads = 8;
  int64_t context_length = 77;  ///< `max_position_embeddings`
  Activation activation = Activation::kQuickGelu;
  double norm_epsilon = 1e-5;
  int32_t bos_id = -1;  ///< -1: not given
  int32_t eos_id = -1;
};

struct ClipConfig {
  VisionConfig vision;
  TextConfig text;
  int64_t projection_dim = 512;  ///< D
};

/// Reads `config.json`. Throws Error(kModel) that names file and key for values that are missing, ill-typed,
/// out of range or at odds with each other.
ClipConfig read_clip_config(const std::filesystem::path& path);

}  // namespace kiloword
