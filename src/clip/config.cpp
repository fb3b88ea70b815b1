#include "clip/config.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "kiloword/base/error.h"
#include "kiloword/checkpoint/config_reader.h"
#include "kiloword/nn/activation_names.h"

namespace kiloword {
namespace {

constexpr double kMaxCoefficient = 8;  // twice that of the largest published EfficientNet

Activation read_activation(const ConfigReader& config, const char* fallback) {
  const std::string name = config.text("hidden_act", fallback);
  if (const auto known = activation_of(name)) return *known;
  config.refuse("hidden_act",
                "is \"" + name + "\", only quick_gelu, gelu and gelu_pytorch_tanh are supported");
}

/// Plain enough to be the name of a file.
bool is_network_name(const std::string& name) {
  constexpr std::string_view kCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  constexpr size_t kLongest = 64;
  return !name.empty() && name.size() <= kLongest && name.front() != '.' && name.front() != '-' &&
         name.find_first_not_of(kCharacters) == std::string::npos;
}

const char* default_activation(VisionKind kind) {
  return kind == VisionKind::kAttentionPooled || kind == VisionKind::kNaFlex ? "gelu_pytorch_tanh"
                                                                             : "quick_gelu";
}

int64_t read_heads(const ConfigReader& config, int64_t width, int64_t fallback) {
  const int64_t heads = config.integer("num_attention_heads", 1, kMaxTowerWidth, fallback);
  if (width % heads != 0) {
    config.fail("num_attention_heads",
                "is " + std::to_string(heads) + ", which does not divide the width " + std::to_string(width));
  }
  return heads;
}

VisionConfig read_modified_resnet(const ConfigReader& config) {
  VisionConfig vision;
  vision.kind = VisionKind::kModifiedResNet;
  vision.stem_pool = config.boolean("stem_pool", true);
  vision.image_size = config.integer("image_size", vision.stem_pool ? 32 : 16, kMaxImageSize);
  vision.width = config.integer("width", 2, kMaxResNetWidth);
  check_modified_resnet(vision, config, "image_size", "width");
  vision.stage_blocks = config.integers("layers", 4, 1, kMaxTowerLayers);
  vision.heads = read_heads(config, vision.width * 32, vision.width / 2);
  return vision;
}

/// Width and depth of the published networks (Tan and Le 2019, of the Lite ones their TPU repository).
struct ScaledNetwork {
  std::string_view name;
  double width_coefficient;
  double depth_coefficient;
};
constexpr ScaledNetwork kLiteNetworks[] = {{"efficientnet-lite0", 1.0, 1.0},
                                           {"efficientnet-lite1", 1.0, 1.1},
                                           {"efficientnet-lite2", 1.1, 1.2},
                                           {"efficientnet-lite3", 1.2, 1.4},
                                           {"efficientnet-lite4", 1.4, 1.8}};

VisionConfig read_efficientnet_lite(const ConfigReader& config) {
  VisionConfig vision;
  vision.kind = VisionKind::kEfficientNetLite;
  vision.network = config.text("image_tower", "");
  const ScaledNetwork* known =
      std::find_if(std::begin(kLiteNetworks), std::end(kLiteNetworks),
                   [&vision](const ScaledNetwork& each) { return each.name == vision.network; });
  if (known != std::end(kLiteNetworks)) {
    vision.width_coefficient = known->width_coefficient;
    vision.depth_coefficient = known->depth_coefficient;
  } else {
    if (!is_network_name(vision.network))
      config.fail("image_tower", "must be a name of letters, digits, dots and hyphens");
    vision.width_coefficient = config.number("width_coefficient", 0.01, kMaxCoefficient);
    vision.depth_coefficient = config.number("depth_coefficient", 0.01, kMaxCoefficient);
  }
  vision.image_size = config.integer("image_size", 32, kMaxImageSize);
  vision.width = config.integer("feature_dim", 1, kMaxTowerWidth, 1280);
  vision.hidden = config.integer("hidden_dim", 1, kMaxTowerHidden);
  if (config.text("hidden_act", "gelu") != "gelu")
    config.refuse("hidden_act", "is not gelu, which is not supported");
  return vision;
}

/// The patches of NaFlex's towers, which know no size of images but a square of positions.
void read_naflex_patches(const ConfigReader& config, VisionConfig& vision) {
  constexpr int64_t kMaxPatchSize = 64;  // kMaxPatches of it are kMaxImageSize squared
  vision.patch_size = config.integer("patch_size", 1, kMaxPatchSize, vision.patch_size);
  const int64_t places = config.integer("num_patches", 1, kMaxPatches, 256);
  while (vision.position_grid * vision.position_grid < places) ++vision.position_grid;
  if (vision.position_grid * vision.position_grid != places)
    config.fail("num_patches", "is " + std::to_string(places) + ", which is not a square number");
  vision.image_size = vision.position_grid * vision.patch_size;
}

void read_square_patches(const ConfigReader& config, VisionConfig& vision) {
  vision.image_size = config.integer("image_size", 1, kMaxImageSize, vision.image_size);
  vision.patch_size = config.integer("patch_size", 1, vision.image_size, vision.patch_size);
  check_patch_fits(vision, config);
}

/// `vision` holds the family's defaults.
VisionConfig read_vision_transformer(const ConfigReader& config, VisionConfig vision) {
  vision.kind == VisionKind::kNaFlex ? read_naflex_patches(config, vision)
                                     : read_square_patches(config, vision);
  vision.width = config.integer("hidden_size", 1, kMaxTowerWidth, vision.width);
  vision.hidden = config.integer("intermediate_size", 1, kMaxTowerHidden, vision.hidden);
  vision.layers = config.integer("num_hidden_layers", 1, kMaxTowerLayers, vision.layers);
  vision.heads = read_heads(config, vision.width, vision.heads);
  vision.activation = read_activation(config, default_activation(vision.kind));
  vision.norm_epsilon = config.number("layer_norm_eps", 1e-12, 0.1, vision.norm_epsilon);
  if (config.integer("num_channels", 0, 1024, 3) != 3)
    config.refuse("num_channels", "is not 3, which is not supported");
  return vision;
}

/// What a `model_type` stands for.
struct ModelType {
  const char* name;
  ClipFamily family;
  const char* image_tower;  ///< the `model_type` of its vision transformer
  bool naflex = false;
  bool metaclip_2 = false;
};

VisionConfig read_vision(const ConfigReader& config, const ModelType& model) {
  const ClipFamily family = model.family;
  std::string type = config.text("model_type", model.image_tower);
  if (type == model.name) type = model.image_tower;  // transformers ignores what it finds here
  const bool has_others = family == ClipFamily::kClip && !model.metaclip_2;
  if (type == "clip_modified_resnet" && has_others) return read_modified_resnet(config);
  if (type == "clip_efficientnet_lite" && has_others) return read_efficientnet_lite(config);
  if (type != model.image_tower) {
    config.refuse("model_type",
                  "is \"" + type + "\", only " + model.image_tower +
                      (has_others ? ", clip_modified_resnet and clip_efficientnet_lite are" : " is") +
                      " supported");
  }
  VisionConfig defaults;
  if (family == ClipFamily::kSiglip) {
    defaults.kind = model.naflex ? VisionKind::kNaFlex : VisionKind::kAttentionPooled;
    defaults.patch_size = 16;
    defaults.norm_epsilon = 1e-6;
    if (!config.boolean("vision_use_head", true))
      config.refuse("vision_use_head", "is false, which is not supported");
  }
  return read_vision_transformer(config, defaults);
}

/// The defaults of Hugging Face's SiglipTextConfig. Its ids of start and end tokens are CLIP's and belong to
/// no SigLIP vocabulary; those of the tokenizer count.
TextConfig siglip_text_defaults() {
  TextConfig text;
  text.vocab_size = 32000;
  text.width = 768;
  text.hidden = 3072;
  text.heads = 12;
  text.context_length = 64;
  text.norm_epsilon = 1e-6;
  return text;
}

/// One id, which some files write as a list of one; -1 where there is none.
int32_t read_token_id(const ConfigReader& config, const char* key) {
  const std::vector<int64_t> ids = config.one_or_more(key, 0, kMaxVocabulary);
  if (ids.size() > 1) config.refuse(key, "is more than one token, which is not supported");
  return ids.empty() ? -1 : static_cast<int32_t>(ids.front());
}

TextConfig read_text(const ConfigReader& config, const ModelType& model) {
  const bool siglip = model.family == ClipFamily::kSiglip;
  TextConfig text = siglip ? siglip_text_defaults() : TextConfig();
  text.vocab_size = config.integer("vocab_size", 1, kMaxVocabulary, text.vocab_size);
  text.width = config.integer("hidden_size", 1, kMaxTowerWidth, text.width);
  text.hidden = config.integer("intermediate_size", 1, kMaxTowerHidden, text.hidden);
  text.layers = config.integer("num_hidden_layers", 1, kMaxTowerLayers, text.layers);
  text.heads = read_heads(config, text.width, text.heads);
  text.context_length = config.integer("max_position_embeddings", 2, kMaxContext, text.context_length);
  text.activation = read_activation(config, siglip ? "gelu_pytorch_tanh" : "quick_gelu");
  text.norm_epsilon = config.number("layer_norm_eps", 1e-12, 0.1, text.norm_epsilon);
  if (siglip) return text;
  text.bos_id = read_token_id(config, "bos_token_id");
  text.eos_id = read_token_id(config, "eos_token_id");
  text.pools_at_own_end = model.metaclip_2;
  return text;
}

/// The settings of a tower. Where early files of transformers have them under two names, the older one counts
/// alone, as in CLIPConfig.
ConfigReader tower_settings(const ConfigReader& config, const std::string& key) {
  const std::string older = key + "_dict";
  return config.object(config.is_object(older) ? older : key);
}

ModelType read_type(const ConfigReader& reader) {
  const std::string type = reader.text("model_type", "clip");
  if (type == "siglip") return {"siglip", ClipFamily::kSiglip, "siglip_vision_model"};
  if (type == "siglip2") return {"siglip2", ClipFamily::kSiglip, "siglip2_vision_model", /*naflex=*/true};
  if (type == "metaclip_2") {
    return {"metaclip_2", ClipFamily::kClip, "metaclip_2_vision_model", false, /*metaclip_2=*/true};
  }
  if (type != "clip") {
    reader.refuse("model_type",
                  "is \"" + type + "\", only clip, metaclip_2, siglip and siglip2 are supported");
  }
  return {"clip", ClipFamily::kClip, "clip_vision_model"};
}

}  // namespace

void check_patch_fits(const VisionConfig& vision, const ConfigReader& config) {
  if (vision.patch_size <= vision.image_size) return;
  config.fail("image_size", "is " + std::to_string(vision.image_size) + ", smaller than a patch of " +
                                std::to_string(vision.patch_size) + ", the default of patch_size");
}

void check_modified_resnet(const VisionConfig& vision, const ConfigReader& config, const char* image_key,
                           const char* width_key) {
  const int64_t reduction = vision.stem_pool ? 32 : 16;
  if (vision.image_size % reduction != 0) {
    config.fail(image_key, "is " + std::to_string(vision.image_size) + ", not a multiple of " +
                               std::to_string(reduction));
  }
  if (vision.width % 2 != 0) config.fail(width_key, "must be even");
}

ClipConfig read_clip_config(const std::filesystem::path& path) {
  const ConfigReader reader = ConfigReader::open(path);
  ClipConfig config;
  const ModelType type = read_type(reader);
  config.family = type.family;
  if (!reader.has("vision_config") && !reader.has("text_config") && !reader.has("vision_config_dict"))
    reader.refuse("vision_config", "and text_config are missing: it is no CLIP or SigLIP model's");
  config.vision = read_vision(tower_settings(reader, "vision_config"), type);
  const ConfigReader text = tower_settings(reader, "text_config");
  config.text = read_text(text, type);
  if (config.family == ClipFamily::kClip) {
    config.projection_dim = reader.integer("projection_dim", 1, kMaxTowerWidth, config.projection_dim);
    return config;
  }
  config.projection_dim = text.integer("projection_size", 1, kMaxTowerWidth, config.text.width);
  if (config.projection_dim != config.vision.width) {
    text.fail("projection_size", "is " + std::to_string(config.projection_dim) + ", but images give " +
                                     std::to_string(config.vision.width) + " values");
  }
  return config;
}

}  // namespace kiloword
