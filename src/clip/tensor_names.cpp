#include "clip/tensor_names.h"

#include <string_view>

#include "kiloword/base/error.h"
#include "kiloword/base/text.h"

namespace kiloword {
namespace {

std::vector<BlockNames> hugging_face_blocks(const std::string& tower, int64_t layers) {
  std::vector<BlockNames> blocks;
  for (int64_t i = 0; i < layers; ++i) {
    const std::string layer = tower + ".encoder.layers." + std::to_string(i) + ".";
    BlockNames names;
    for (const char* part : {"q", "k", "v"}) {
      names.qkv_weights.push_back(layer + "self_attn." + part + "_proj.weight");
      names.qkv_biases.push_back(layer + "self_attn." + part + "_proj.bias");
    }
    names.norm_1 = layer + "layer_norm1";
    names.out = layer + "self_attn.out_proj";
    names.norm_2 = layer + "layer_norm2";
    names.hidden = layer + "mlp.fc1";
    names.hidden_out = layer + "mlp.fc2";
    blocks.push_back(std::move(names));
  }
  return blocks;
}

}  // namespace

std::vector<BlockNames> open_clip_blocks(const std::string& stack, int64_t layers) {
  std::vector<BlockNames> blocks;
  for (int64_t i = 0; i < layers; ++i) {
    const std::string layer = stack + "resblocks." + std::to_string(i) + ".";
    BlockNames names;
    names.norm_1 = layer + "ln_1";
    names.qkv_weights = {layer + "attn.in_proj_weight"};
    names.qkv_biases = {layer + "attn.in_proj_bias"};
    names.out = layer + "attn.out_proj";
    names.norm_2 = layer + "ln_2";
    names.hidden = layer + "mlp.c_fc";
    names.hidden_out = layer + "mlp.c_proj";
    blocks.push_back(std::move(names));
  }
  return blocks;
}

std::vector<BlockNames> timm_blocks(int64_t layers) {
  std::vector<BlockNames> blocks;
  for (int64_t i = 0; i < layers; ++i) {
    const std::string layer = "visual.trunk.blocks." + std::to_string(i) + ".";
    BlockNames names;
    names.norm_1 = layer + "norm1";
    names.qkv_weights = {layer + "attn.qkv.weight"};
    names.qkv_biases = {layer + "attn.qkv.bias"};
    names.out = layer + "attn.proj";
    names.norm_2 = layer + "norm2";
    names.hidden = layer + "mlp.fc1";
    names.hidden_out = layer + "mlp.fc2";
    blocks.push_back(std::move(names));
  }
  return blocks;
}

Naming detect_naming(const Checkpoint& file) {
  if (file.find("text.token_embedding.weight") != nullptr) return Naming::kOpenClip;
  for (const auto& [name, view] : file.tensors()) {
    if (starts_with(name, "text_model.") || starts_with(name, "vision_model.")) return Naming::kHuggingFace;
    if (starts_with(name, "visual.") || starts_with(name, "transformer.resblocks.")) return Naming::kOpenAi;
  }
  if (file.find("image_encoder.model.patch_embed.0.rbr_conv.0.conv.weight") != nullptr ||
      file.find("image_encoder.model.patch_emb.0.block.conv.weight") != nullptr) {
    throw Error(ErrorKind::kModel, "a MobileCLIP checkpoint in Apple's own layout, which is not supported",
                file.path().string(),
                "use the same model in OpenCLIP's layout (kiloword models list); MobileCLIP-S0 has none");
  }
  throw Error(ErrorKind::kModel,
              "not a CLIP checkpoint: its tensor names are none of Hugging Face's, OpenAI's and OpenCLIP's",
              file.path().string(), "use a CLIP model");
}

bool is_image_tensor(const std::string& name) {
  return starts_with(name, "visual.") || starts_with(name, "vision_model.") ||
         starts_with(name, "visual_projection.");
}

VisionTransformerNames vision_transformer_names(Naming naming, int64_t layers) {
  VisionTransformerNames names;
  if (naming == Naming::kHuggingFace) {
    names.class_embedding = "vision_model.embeddings.class_embedding";
    names.patch_embedding = "vision_model.embeddings.patch_embedding.weight";
    names.positions = "vision_model.embeddings.position_embedding.weight";
    names.pre_norm = "vision_model.pre_layrnorm";  // the checkpoints' own spelling
    names.blocks = hugging_face_blocks("vision_model", layers);
    names.post_norm = "vision_model.post_layernorm";
    names.projection = "visual_projection.weight";
  } else {
    names.class_embedding = "visual.class_embedding";
    names.patch_embedding = "visual.conv1.weight";
    names.positions = "visual.positional_embedding";
    names.pre_norm = "visual.ln_pre";
    names.blocks = open_clip_blocks("visual.transformer.", layers);
    names.post_norm = "visual.ln_post";
    names.projection = "visual.proj";
    names.projection_transposed = true;
  }
  return names;
}

VisionTransformerNames timm_vision_transformer_names(int64_t layers) {
  VisionTransformerNames names;
  const std::string trunk = "visual.trunk.";
  names.class_embedding = trunk + "cls_token";
  names.patch_embedding = trunk + "patch_embed.proj.weight";
  names.positions = trunk + "pos_embed";
  names.pre_norm = trunk + "norm_pre";
  names.blocks = timm_blocks(layers);
  names.post_norm = trunk + "norm";
  names.projection = trunk + "head.weight";
  names.projection_bias = trunk + "head.bias";
  names.with_batch = true;
  return names;
}

AttentionPooledNames attention_pooled_names(Naming naming, int64_t layers) {
  AttentionPooledNames names;
  if (naming == Naming::kHuggingFace) {
    const std::string head = "vision_model.head.";
    names.patch_embedding = "vision_model.embeddings.patch_embedding";
    names.positions = "vision_model.embeddings.position_embedding.weight";
    names.blocks = hugging_face_blocks("vision_model", layers);
    names.post_norm = "vision_model.post_layernorm";
    names.probe = head + "probe";
    names.qkv_weights = {head + "attention.in_proj_weight"};
    names.qkv_biases = {head + "attention.in_proj_bias"};
    names.out = head + "attention.out_proj";
    names.norm = head + "layernorm";
    names.hidden = head + "mlp.fc1";
    names.hidden_out = head + "mlp.fc2";
    return names;
  }
  const std::string head = "visual.trunk.attn_pool.";
  names.patch_embedding = "visual.trunk.patch_embed.proj";
  names.positions = "visual.trunk.pos_embed";
  names.positions_have_batch = true;
  names.blocks = timm_blocks(layers);
  names.post_norm = "visual.trunk.norm";
  names.probe = head + "latent";
  names.qkv_weights = {head + "q.weight", head + "kv.weight"};
  names.qkv_biases = {head + "q.bias", head + "kv.bias"};
  names.out = head + "proj";
  names.norm = head + "norm";
  names.hidden = head + "mlp.fc1";
  names.hidden_out = head + "mlp.fc2";
  return names;
}

TextTransformerNames text_transformer_names(Naming naming, ClipFamily family, int64_t layers) {
  TextTransformerNames names;
  const bool siglip = family == ClipFamily::kSiglip;
  if (naming == Naming::kHuggingFace) {
    names.tokens = "text_model.embeddings.token_embedding.weight";
    names.positions = "text_model.embeddings.position_embedding.weight";
    names.blocks = hugging_face_blocks("text_model", layers);
    names.final_norm = "text_model.final_layer_norm";
    names.projection = siglip ? "text_model.head.weight" : "text_projection.weight";
    if (siglip) names.projection_bias = "text_model.head.bias";
    return names;
  }
  const std::string prefix = naming == Naming::kOpenClip ? "text." : "";
  names.tokens = prefix + "token_embedding.weight";
  names.positions = prefix + "positional_embedding";
  names.class_token = prefix + "cls_emb";
  names.blocks = open_clip_blocks(prefix + "transformer.", layers);
  names.final_norm = prefix + "ln_final";
  names.projection = prefix + (siglip ? "text_projection.weight" : "text_projection");
  if (siglip) names.projection_bias = prefix + "text_projection.bias";
  names.projection_transposed = !siglip;
  return names;
}

}  // namespace kiloword
