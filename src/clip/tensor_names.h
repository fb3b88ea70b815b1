#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clip/config.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/nn/transformer.h"

namespace kiloword {

/// The naming schemes of published CLIP and SigLIP checkpoints.
enum class Naming {
  kHuggingFace,  ///< transformers' CLIPModel and SiglipModel: text_model.*, vision_model.*, ...
  kOpenAi,       ///< OpenAI's clip.model.CLIP and OpenCLIP's CLIP: visual.*, transformer.*, token_embedding
  kOpenClip,     ///< OpenCLIP's CustomTextCLIP: visual.*, or visual.trunk.* with timm's names, and text.*
};

/// The naming scheme of `file`. Throws Error(kModel) if it is none of them.
Naming detect_naming(const Checkpoint& file);

/// Whether the tensor `name` belongs to the image tower, in any naming scheme.
bool is_image_tensor(const std::string& name);

struct VisionTransformerNames {
  std::string class_embedding;
  std::string patch_embedding;
  std::string positions;
  std::string pre_norm;
  std::vector<BlockNames> blocks;
  std::string post_norm;
  std::string projection;
  std::string projection_bias;         ///< empty: none
  bool projection_transposed = false;  ///< stored [C, D] instead of [D, C]
  bool with_batch = false;  ///< class embedding and positions are stored [1, 1, C] and [1, N + 1, C]
};

/// For a vision transformer that is pooled by attention. The query comes from a learned probe; the weights of
/// query, keys and values are one tensor or two.
struct AttentionPooledNames {
  std::string patch_embedding;  ///< `.weight` and `.bias`
  std::string positions;
  bool positions_have_batch = false;  ///< stored [1, N, C] instead of [N, C]
  std::vector<BlockNames> blocks;
  std::string post_norm;
  std::string probe;  ///< [1, 1, C]
  std::vector<std::string> qkv_weights;
  std::vector<std::string> qkv_biases;
  std::string out;
  std::string norm;
  std::string hidden;
  std::string hidden_out;
};

struct TextTransformerNames {
  std::string tokens;
  std::string positions;
  std::string class_token;
  std::vector<BlockNames> blocks;
  std::string final_norm;
  std::string projection;
  std::string projection_bias;  ///< empty: none
  bool projection_transposed = false;
};

/// The blocks of OpenAI's and OpenCLIP's transformer `stack` ("visual.transformer.").
std::vector<BlockNames> open_clip_blocks(const std::string& stack, int64_t layers);

/// The blocks of timm's vision transformers in OpenCLIP's models.
std::vector<BlockNames> timm_blocks(int64_t layers);

VisionTransformerNames vision_transformer_names(Naming naming, int64_t layers);
/// For timm's vision transformers with a class token, whatever the names of the text tower.
VisionTransformerNames timm_vision_transformer_names(int64_t layers);
AttentionPooledNames attention_pooled_names(Naming naming, int64_t layers);
TextTransformerNames text_transformer_names(Naming naming, ClipFamily family, int64_t layers);

}  // namespace kiloword
