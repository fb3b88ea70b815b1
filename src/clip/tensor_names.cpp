#include "clip/tensor_names.h"

#include <string_view>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

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

std::vector<BlockNames> openai_blocks(const std::string& tower, int64_t layers) {
  std::vector<BlockNames> blocks;
  for (int64_t i = 0; i < layers; ++i) {
    const std::string layer = tower + "transformer.resblocks." + std::to_string(i) + ".";
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

}  // namespace

Naming detect_naming(const SafetensorsFile& file) {
  for (const auto& [name, view] : file.tensors()) {
    if (starts_with(name, "text_model.") || starts_with(name, "vision_model.")) return Naming::kHuggingFace;
    if (starts_with(name, "visual.") || starts_with(name, "transformer.resblocks.")) return Naming::kOpenAi;
  }
  throw Error(ErrorKind::kModel,
              "not a CLIP checkpoint: its tensor names are neither Hugging Face's nor OpenAI's",
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
    names.blocks = openai_blocks("visual.", layers);
    names.post_norm = "visual.ln_post";
    names.projection = "visual.proj";
    names.projection_transposed = true;
  }
  return names;
}

TextTransformerNames text_transformer_names(Naming naming, int64_t layers) {
  TextTransformerNames names;
  if (naming == Naming::kHuggingFace) {
    names.tokens = "text_model.embeddings.token_embedding.weight";
    names.positions = "text_model.embeddings.position_embedding.weight";
    names.blocks = hugging_face_blocks("text_model", layers);
    names.final_norm = "text_model.final_layer_norm";
    names.projection = "text_projection.weight";
  } else {
    names.tokens = "token_embedding.weight";
    names.positions = "positional_embedding";
    names.blocks = openai_blocks("", layers);
    names.final_norm = "ln_final";
    names.projection = "text_projection";
    names.projection_transposed = true;
  }
  return names;
}

}  // namespace kiloword
