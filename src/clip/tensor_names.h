#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clip/config.h"
#include "kiloword/checkpoint/safetensors.h"
#include "kiloword/nn/transformer.h"

namespace kiloword {

/// The two spellings in which CLIP checkpoints are published.
enum class Naming {
  kHuggingFace,  ///< `transformers.CLIPModel`: text_model.*, vision_model.*, visual_projection,
                 ///< text_projection
  kOpenAi,       ///< OpenAI's `clip.model.CLIP`: visual.*, transformer.*, token_embedding, ...
};

/// Which spelling `file` uses. Throws Error(kModel) where it is neither.
Naming detect_naming(const SafetensorsFile& file);

/// Whether the tensor called `name` belongs to the image tower, in either spelling.
bool is_image_tensor(const std::string& name);

struct VisionTransformerNames {
  std::string class_embedding;
  std::string patch_embedding;
  std::string positions;
  std::string pre_norm;
  std::vector<BlockNames> blocks;
  std::string post_norm;
  std::string projection;
  bool projection_transposed = false;  ///< stored [C, D] instead of [D, C]
};

struct TextTransformerNames {
  std::string tokens;
  std::string positions;
  std::vector<BlockNames> blocks;
  std::string final_norm;
  std::string projection;
  bool projection_transposed = false;
};

VisionTransformerNames vision_transformer_names(Naming naming, int64_t layers);
TextTransformerNames text_transformer_names(Naming naming, int64_t layers);

}  // namespace kiloword
