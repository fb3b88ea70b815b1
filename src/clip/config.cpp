#include "clip/config.h"

#include "kiloword/base/error.h"
#include "kiloword/checkpoint/config_reader.h"

namespace kiloword {
namespace {

// Far above every published model, low enough that nothing computed from them overflows.
constexpr int64_t kMaxWidth = 16384;
constexpr int64_t kMaxHidden = 65536;
constexpr int64_t kMaxLayers = 256;
constexpr int64_t kMaxImageSize = 4096;
constexpr int64_t kMaxVocabulary = 4'000'000;
constexpr int64_t kMaxContext = 8192;
constexpr int64_t kMaxResNetWidth = 1024;

Activation read_activation(const ConfigReader& config) {
  const std::string name = config.text("hidden_act", "quick_gelu");
  if (name == "gelu") return Activation::kGelu;
  if (name != "quick_gelu")
    config.fail("hidden_act", "is \"" + name + "\", only quick_gelu and gelu are supported");
  return Activation::kQuickGelu;
}

int64_t read_heads(const ConfigReader& config, int64_t width, int64_t fallback) {
  const int64_t heads = config.integer("num_attention_heads", 1, kMaxWidth, fallback);
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
  const int64_t reduction = vision.stem_pool ? 32 : 16;
  vision.image_size = config.integer("image_size", reduction, kMaxImageSize);
  if (vision.image_size % reduction != 0) {
    config.fail("image_size", "is " + std::to_string(vision.image_size) + ", not a multiple of " +
                                  std::to_string(reduction));
  }
  vision.width = config.integer("width", 2, kMaxResNetWidth);
  if (vision.width % 2 != 0) config.fail("width", "must be even");
  vision.stage_blocks = config.integers("layers", 4, 1, kMaxLayers);
  vision.heads = read_heads(config, vision.width * 32, vision.width / 2);
  return vision;
}

VisionConfig read_vision_transformer(const ConfigReader& config) {
  VisionConfig vision;
  vision.image_size = config.integer("image_size", 1, kMaxImageSize, vision.image_size);
  vision.patch_size = config.integer("patch_size", 1, vision.image_size, vision.patch_size);
  vision.width = config.integer("hidden_size", 1, kMaxWidth, vision.width);
  vision.hidden = config.integer("intermediate_size", 1, kMaxHidden, vision.hidden);
  vision.layers = config.integer("num_hidden_layers", 1, kMaxLayers, vision.layers);
  vision.heads = read_heads(config, vision.width, vision.heads);
  vision.activation = read_activation(config);
  vision.norm_epsilon = config.number("layer_norm_eps", 1e-12, 0.1, vision.norm_epsilon);
  if (config.integer("num_channels", 0, 1024, 3) != 3) config.fail("num_channels", "must be 3");
  return vision;
}

VisionConfig read_vision(const ConfigReader& config) {
  const std::string type = config.text("model_type", "clip_vision_model");
  if (type == "clip_modified_resnet") return read_modified_resnet(config);
  if (type == "clip_vision_model") return read_vision_transformer(config);
  config.fail("model_type",
              "is \"" + type + "\", only clip_vision_model and clip_modified_resnet are supported");
}

TextConfig read_text(const ConfigReader& config) {
  TextConfig text;
  text.vocab_size = config.integer("vocab_size", 1, kMaxVocabulary, text.vocab_size);
  text.width = config.integer("hidden_size", 1, kMaxWidth, text.width);
  text.hidden = config.integer("intermediate_size", 1, kMaxHidden, text.hidden);
  text.layers = config.integer("num_hidden_layers", 1, kMaxLayers, text.layers);
  text.heads = read_heads(config, text.width, text.heads);
  text.context_length = config.integer("max_position_embeddings", 2, kMaxContext, text.context_length);
  text.activation = read_activation(config);
  text.norm_epsilon = config.number("layer_norm_eps", 1e-12, 0.1, text.norm_epsilon);
  text.bos_id = static_cast<int32_t>(config.integer("bos_token_id", 0, kMaxVocabulary, -1));
  text.eos_id = static_cast<int32_t>(config.integer("eos_token_id", 0, kMaxVocabulary, -1));
  return text;
}

}  // namespace

ClipConfig read_clip_config(const std::filesystem::path& path) {
  const ConfigReader reader = ConfigReader::open(path);
  const std::string type = reader.text("model_type", "clip");
  if (type != "clip") reader.fail("model_type", "is \"" + type + "\", only clip is supported");
  ClipConfig config;
  config.vision = read_vision(reader.object("vision_config"));
  config.text = read_text(reader.object("text_config"));
  config.projection_dim = reader.integer("projection_dim", 1, kMaxWidth, config.projection_dim);
  return config;
}

}  // namespace kiloword
