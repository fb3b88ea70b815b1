#include "clip/open_clip_config.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "clip/mobile_trunk.h"
#include "clip/perception_trunk.h"
#include "clip/preprocessor_config.h"
#include "kiloword/checkpoint/config_reader.h"

namespace kiloword {
namespace {

/// Settings that change the network and that none of the supported models switches on.
void refuse_switches(const ConfigReader& config, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (config.boolean(key, false)) config.refuse(key, "is not supported");
  }
}

void refuse_values(const ConfigReader& config, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (config.has(key)) config.refuse(key, "is not supported");
  }
}

int64_t read_image_size(const ConfigReader& config) {
  if (!config.is_list("image_size")) return config.integer("image_size", 1, kMaxImageSize, 224);
  const std::vector<int64_t> sides = config.integers("image_size", 2, 1, kMaxImageSize);
  if (sides[0] != sides[1]) config.refuse("image_size", "is not square, which is not supported");
  return sides[0];
}

int64_t read_hidden(const ConfigReader& config, int64_t width) {
  const double ratio = config.number("mlp_ratio", 0.01, 64.0, 4.0);
  const auto hidden = static_cast<int64_t>(static_cast<double>(width) * ratio);
  if (hidden < 1 || hidden > kMaxTowerHidden) {
    config.fail("mlp_ratio", "makes layers of " + std::to_string(hidden) + " values, not of 1 to " +
                                 std::to_string(kMaxTowerHidden));
  }
  return hidden;
}

/// `norm_kwargs` and `act_kwargs`, which both kinds of towers take.
void read_details(const ConfigReader& config, double& norm_epsilon, Activation& activation) {
  if (config.is_object("norm_kwargs"))
    norm_epsilon = config.object("norm_kwargs").number("eps", 1e-12, 0.1, norm_epsilon);
  if (!config.is_object("act_kwargs")) return;
  const ConfigReader details = config.object("act_kwargs");
  const std::string form = details.text("approximate", "none");
  if (form != "none" && form != "tanh") details.refuse("approximate", "is neither none nor tanh");
  if (form == "tanh") activation = Activation::kTanhGelu;
}

VisionConfig read_resnet(const ConfigReader& config) {
  VisionConfig vision;
  vision.kind = VisionKind::kModifiedResNet;
  vision.image_size = read_image_size(config);
  vision.width = config.integer("width", 2, kMaxResNetWidth, 64);
  check_modified_resnet(vision, config, "image_size", "width");
  vision.stage_blocks = config.integers("layers", 4, 1, kMaxTowerLayers);
  const int64_t head_width = config.integer("head_width", 1, kMaxTowerWidth, 64);
  if (vision.width * 32 % head_width != 0) config.fail("head_width", "does not divide the width times 32");
  vision.heads = vision.width * 32 / head_width;
  return vision;
}

/// CoCa's pooling. OpenCLIP's other kinds, "parallel" and "cascade", are of no published model.
void read_attentional_pool(const ConfigReader& config, VisionConfig& vision) {
  if (!config.boolean("attentional_pool", false))
    config.refuse("attentional_pool", "is not true, as it is in CoCa's models");
  vision.kind = VisionKind::kCoca;
  vision.pool_heads = config.integer("attn_pooler_heads", 1, kMaxTowerWidth, 8);
  vision.pool_queries = config.integer("attn_pooler_queries", 2, kMaxPatches, 256);
}

VisionConfig read_vision_transformer(const ConfigReader& config, Activation activation, bool coca) {
  refuse_switches(config, {"no_ln_pre", "final_ln_after_pool", "global_average_pool", "input_patchnorm",
                           "qk_norm", "scale_heads", "scale_attn", "scale_fc"});
  if (!coca) refuse_switches(config, {"attentional_pool"});
  refuse_values(config, {"ls_init_value"});
  if (config.text("pool_type", "tok") != "tok")
    config.refuse("pool_type", "is not tok, which is not supported");
  if (config.text("pos_embed_type", "learnable") != "learnable")
    config.refuse("pos_embed_type", "is not learnable, which is not supported");
  VisionConfig vision;
  vision.image_size = read_image_size(config);
  vision.patch_size = config.integer("patch_size", 1, vision.image_size, 16);
  check_patch_fits(vision, config);
  vision.width = config.integer("width", 1, kMaxTowerWidth, 768);
  vision.hidden = read_hidden(config, vision.width);
  vision.layers = config.integer("layers", 1, kMaxTowerLayers, 12);
  const int64_t head_width = config.integer("head_width", 1, kMaxTowerWidth, 64);
  if (vision.width % head_width != 0) config.fail("head_width", "does not divide the width");
  vision.heads = vision.width / head_width;
  vision.activation = activation;
  read_details(config, vision.norm_epsilon, vision.activation);
  if (coca) read_attentional_pool(config, vision);
  return vision;
}

/// Shapes of timm's vision transformers by the part of their name behind `vit_`.
struct TrunkShape {
  const char* name;
  int64_t width;
  int64_t hidden;
  int64_t layers;
  int64_t heads;
};
constexpr TrunkShape kTrunks[] = {
    {"base_", 768, 3072, 12, 12},
    {"large_", 1024, 4096, 24, 16},
    {"so400m_", 1152, 4304, 27, 16},
    {"giantopt_", 1536, 6144, 40, 16},
};

/// timm's towers of SigLIP 2 that are not those of SigLIP have the tanh form of GELU.
Activation trunk_activation(const std::string& name) {
  const auto begins = [&name](std::string_view start) { return name.compare(0, start.size(), start) == 0; };
  const bool tanh = begins("vit_base_patch32_") || begins("vit_so400m_patch16_") || begins("vit_giantopt_") ||
                    begins("vit_large_patch16_siglip_512");
  return tanh ? Activation::kTanhGelu : Activation::kGelu;
}

/// The number behind `mark` in `text`.
std::optional<int64_t> number_behind(const std::string& text, const std::string& mark) {
  constexpr size_t kDigits = 4;
  const size_t at = text.find(mark);
  if (at == std::string::npos) return std::nullopt;
  int64_t number = 0;
  size_t digits = 0;
  for (size_t i = at + mark.size(); i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, ++digits) {
    if (digits == kDigits) return std::nullopt;
    number = 10 * number + (text[i] - '0');
  }
  return digits > 0 ? std::optional(number) : std::nullopt;
}

/// timm's SigLIP towers, whose shape their name says: "vit_base_patch16_siglip_224".
VisionConfig read_siglip_trunk(const ConfigReader& config) {
  const std::string name = config.text("timm_model_name", "");
  VisionConfig vision;
  vision.kind = VisionKind::kAttentionPooled;
  const TrunkShape* shape = nullptr;
  for (const TrunkShape& known : kTrunks) {
    if (name.rfind(std::string("vit_") + known.name, 0) == 0) shape = &known;
  }
  const std::optional<int64_t> patch = number_behind(name, "_patch");
  const bool pooled =
      config.text("timm_pool", "avg") == "map" && config.text("timm_proj", "linear") == "none";
  if (shape == nullptr || !patch || name.find("_siglip") == std::string::npos || !pooled) {
    config.refuse("timm_model_name", "is \"" + name +
                                         "\", only SigLIP's vit_base, vit_large, vit_so400m and "
                                         "vit_giantopt, MobileCLIP's fastvit_mci0 to fastvit_mci4, "
                                         "vit_base_mci_224 and vit_large_patch14_clip_224, and PE-Core's "
                                         "vit_pe_core_tiny to vit_pe_core_gigantic are supported");
  }
  vision.image_size = read_image_size(config);
  if (*patch < 1 || *patch > vision.image_size)
    config.fail("timm_model_name", "names no possible patch size");
  vision.patch_size = *patch;
  vision.width = shape->width;
  vision.hidden = shape->hidden;
  vision.layers = shape->layers;
  vision.heads = shape->heads;
  vision.activation = trunk_activation(name);
  vision.norm_epsilon = 1e-6;
  return vision;
}

VisionConfig read_vision(const ConfigReader& config, Activation activation, bool coca) {
  if (coca) {
    refuse_values(config, {"timm_model_name"});
    return read_vision_transformer(config, activation, coca);
  }
  if (config.has("timm_model_name")) {
    const int64_t image_size = read_image_size(config);
    if (auto vision = read_mobile_trunk(config, image_size)) return std::move(*vision);
    if (auto vision = read_perception_trunk(config, image_size)) return std::move(*vision);
    return read_siglip_trunk(config);
  }
  return config.is_list("layers") ? read_resnet(config) : read_vision_transformer(config, activation, coca);
}

/// What is done to texts by OpenCLIP's own tokenizer of CLIP, or before one of Hugging Face sees them.
TextCleaning read_cleaning(const ConfigReader& config, bool own_tokenizer) {
  std::string cleaning = own_tokenizer ? "lower" : "whitespace";
  if (config.is_object("tokenizer_kwargs")) {
    const ConfigReader options = config.object("tokenizer_kwargs");
    refuse_switches(options, {"strip_sep_token"});
    refuse_values(options, {"tokenizer_mode", "language", "additional_special_tokens", "reduction_mask"});
    cleaning = options.text("clean", cleaning);
    if (cleaning == "canonicalize")
      return own_tokenizer ? TextCleaning::kOpenAiCanonical : TextCleaning::kRepairedCanonical;
    if (cleaning != "whitespace" && !(cleaning == "lower" && own_tokenizer)) {
      options.refuse("clean", own_tokenizer ? "is none of lower, whitespace and canonicalize"
                                            : "is neither whitespace nor canonicalize");
    }
  }
  if (cleaning == "lower") return TextCleaning::kRepaired;
  return own_tokenizer ? TextCleaning::kOpenAiCased : TextCleaning::kRepairedCased;
}

/// Pooling at the end token of a tokenizer from Hugging Face.
void read_own_end(const ConfigReader& config, TextConfig& text) {
  if (!text.causal) config.refuse("no_causal_mask", "is true, which is not supported with this pool_type");
  text.pools_at_own_end = true;
  text.eos_id = static_cast<int32_t>(config.integer("eos_id", 0, kMaxVocabulary, 2));
}

/// CoCa's class token. Its mask of padding is the one of the published weights, which OpenCLIP calls wrong.
void read_class_token(const ConfigReader& config, TextConfig& text) {
  refuse_switches(config, {"no_causal_mask", "correct_cls_mask"});
  if (!config.boolean("embed_cls", false))
    config.refuse("embed_cls", "is not true, as it is in CoCa's models");
  if (config.integer("pad_id", 0, text.vocab_size - 1, 0) != 0)
    config.refuse("pad_id", "is not 0, as it is in CoCa's models");
  text.class_token = true;
}

TextConfig read_text(const ConfigReader& config, ClipFamily family, Activation activation, bool coca) {
  const bool siglip = family == ClipFamily::kSiglip;
  refuse_values(config, {"hf_model_name", "ls_init_value"});
  refuse_switches(config, {"final_ln_after_pool", "qk_norm", "scale_heads", "scale_attn", "scale_fc"});
  if (!coca) refuse_switches(config, {"embed_cls"});
  const auto require = [&config](const char* key, bool fits) {
    if (!fits) config.refuse(key, "is not what the supported models have");
  };
  const bool causal = !config.boolean("no_causal_mask", false);
  require("no_causal_mask", !siglip || !causal);
  require("proj_bias", config.boolean("proj_bias", false) == siglip);
  const std::string pool = config.text("pool_type", "argmax");
  require("pool_type", siglip ? pool == "last" : pool == "argmax" || (pool == "eos" && !coca));
  TextConfig text;
  text.causal = causal || siglip;
  if (pool == "eos") read_own_end(config, text);
  if (!siglip) {
    const bool own_tokenizer = !config.has("hf_tokenizer_name") && pool != "eos";
    if (!own_tokenizer && !causal) config.refuse("hf_tokenizer_name", "is not supported with no_causal_mask");
    text.cleaning = read_cleaning(config, own_tokenizer);
  }
  text.context_length = config.integer("context_length", 2, kMaxContext, 77);
  text.vocab_size = config.integer("vocab_size", 1, kMaxVocabulary, 49408);
  text.width = config.integer("width", 1, kMaxTowerWidth, 512);
  text.hidden = read_hidden(config, text.width);
  text.layers = config.integer("layers", 1, kMaxTowerLayers, 12);
  text.heads = config.integer("heads", 1, kMaxTowerWidth, 8);
  if (text.width % text.heads != 0) config.fail("heads", "does not divide the width");
  text.activation = activation;
  read_details(config, text.norm_epsilon, text.activation);
  if (coca) read_class_token(config, text);
  return text;
}

/// The pooler has other tensors where widths are equal.
void check_pooler(const ConfigReader& model, const ClipConfig& config) {
  const int64_t dim = config.projection_dim;
  if (dim == config.vision.width) model.refuse("embed_dim", "is the width of the image tower");
  if (dim % config.vision.pool_heads != 0)
    model.object("vision_cfg").fail("attn_pooler_heads", "does not divide embed_dim");
}

/// OpenCLIP builds it without `mlp_ratio`, `norm_kwargs` and `act_kwargs`, whatever they are.
CaptionDecoderConfig read_caption_decoder(const ConfigReader& config, const ClipConfig& towers,
                                          Activation activation) {
  refuse_values(config, {"ls_init_value"});
  const int64_t width = towers.text.width;
  const auto equals = [&config](const char* key, int64_t fallback, int64_t expected, const char* what) {
    if (config.integer(key, 1, kMaxVocabulary, fallback) != expected)
      config.fail(key, std::string("is not ") + what);
  };
  equals("width", 512, width, "the width of the text tower");
  equals("width", 512, towers.projection_dim, "embed_dim");
  equals("vocab_size", 49408, towers.text.vocab_size, "the vocabulary's size of the text tower");
  equals("context_length", 77, towers.text.context_length, "the context_length of the text tower");
  CaptionDecoderConfig decoder;
  decoder.hidden = 4 * width;
  decoder.layers = config.integer("layers", 1, kMaxTowerLayers, 12);
  decoder.heads = config.integer("heads", 1, kMaxTowerWidth, 8);
  if (width % decoder.heads != 0) config.fail("heads", "does not divide the width");
  decoder.activation = activation;
  return decoder;
}

}  // namespace

ClipConfig read_open_clip_config(const std::filesystem::path& path) {
  const ConfigReader model = ConfigReader::open(path).object("model_cfg");
  const Activation activation =
      model.boolean("quick_gelu", false) ? Activation::kQuickGelu : Activation::kGelu;
  const bool coca = model.has("multimodal_cfg");
  ClipConfig config;
  config.vision = read_vision(model.object("vision_cfg"), activation, coca);
  config.family =
      config.vision.kind == VisionKind::kAttentionPooled ? ClipFamily::kSiglip : ClipFamily::kClip;
  config.text = read_text(model.object("text_cfg"), config.family, activation, coca);
  config.projection_dim = model.integer("embed_dim", 1, kMaxTowerWidth);
  if (coca) {
    check_pooler(model, config);
    config.decoder = read_caption_decoder(model.object("multimodal_cfg"), config, activation);
  }
  if (config.family == ClipFamily::kSiglip && config.projection_dim != config.vision.width)
    model.fail("embed_dim", "is not the width of the image tower");
  return config;
}

PreprocessSpec read_open_clip_preprocessing(const std::filesystem::path& path, int image_size) {
  PreprocessSpec spec;
  spec.size_px = image_size;
  const ConfigReader file = ConfigReader::open(path);
  if (!file.is_object("preprocess_cfg")) return spec;
  const ConfigReader config = file.object("preprocess_cfg");
  if (config.text("mode", "RGB") != "RGB") config.refuse("mode", "is not RGB");
  const std::string mode = config.text("resize_mode", "shortest");
  if (mode == "squash") {
    spec.mode = ResizeMode::kStretch;
  } else if (mode == "longest") {
    spec.mode = ResizeMode::kLongest;
    if (config.integer("fill_color", 0, 255, 0) != 0)
      config.refuse("fill_color", "is not 0, which is not supported");
  } else if (mode != "shortest") {
    config.refuse("resize_mode", "is none of shortest, longest and squash");
  }
  const std::string filter = config.text("interpolation", "bicubic");
  if (filter != "bicubic" && filter != "bilinear" && filter != "random")
    config.refuse("interpolation", "is none of bicubic, bilinear and random");
  // "random" is for training; OpenCLIP then uses the bicubic filter.
  spec.filter = filter == "bilinear" ? ResizeFilter::kBilinear : ResizeFilter::kBicubic;
  read_channels(config, "mean", -100.0, spec.mean);
  read_channels(config, "std", 1e-6, spec.std);
  return spec;
}

}  // namespace kiloword
