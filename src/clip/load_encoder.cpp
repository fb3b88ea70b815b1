#include <c10/core/InferenceMode.h>

#include <cmath>

#include "clip/clip_encoder.h"
#include "clip/config.h"
#include "clip/fingerprints.h"
#include "clip/modified_resnet.h"
#include "clip/preprocessor_config.h"
#include "clip/tensor_names.h"
#include "clip/text_transformer.h"
#include "clip/vision_transformer.h"
#include "kiloword/base/error.h"
#include "kiloword/checkpoint/config_reader.h"
#include "kiloword/checkpoint/safetensors.h"
#include "kiloword/clip/encoder.h"
#include "kiloword/nn/torch_error.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr int32_t kLegacyEosId = 2;

TextFraming choose_framing(const TextConfig& text, const Tokenizer& tokenizer) {
  TextFraming framing;
  framing.pool_at_highest = text.eos_id == kLegacyEosId;
  const bool config_decides = text.eos_id >= 0 && !framing.pool_at_highest;
  framing.start_id = config_decides && text.bos_id >= 0 ? text.bos_id : tokenizer.start_id();
  framing.end_id = config_decides ? text.eos_id : tokenizer.end_id();
  if (framing.end_id < 0) framing.end_id = text.eos_id;
  if (framing.start_id < 0) framing.start_id = text.bos_id;
  return framing;
}

void check_vocabulary(const TextConfig& text, const Tokenizer& tokenizer, const TextFraming& framing,
                      const fs::path& folder) {
  if (tokenizer.vocab_size() != text.vocab_size) {
    throw Error(ErrorKind::kModel,
                "the tokenizer has " + std::to_string(tokenizer.vocab_size()) +
                    " entries, text_config.vocab_size in config.json is " + std::to_string(text.vocab_size),
                folder.string(), "use the tokenizer files that belong to this model");
  }
  if (framing.end_id < 0) {
    throw Error(ErrorKind::kModel, "neither the tokenizer nor text_config.eos_token_id names the end token",
                folder.string(), "add eos_token_id to config.json");
  }
  if (framing.end_id >= text.vocab_size || framing.start_id >= text.vocab_size) {
    throw Error(ErrorKind::kModel, "bos_token_id or eos_token_id is outside the vocabulary",
                (folder / "config.json").string(), "correct it or download the model again");
  }
}

void load_towers(const std::shared_ptr<const SafetensorsFile>& file, ClipParts& parts) {
  const Naming naming = detect_naming(*file);
  const ClipConfig& config = parts.config;
  WeightLoader loader(file);
  if (config.vision.kind == VisionKind::kModifiedResNet) {
    parts.image_tower = std::make_unique<ModifiedResNet>(loader, parts.compute, config);
  } else {
    parts.image_tower = std::make_unique<VisionTransformer>(
        loader, parts.compute, config, vision_transformer_names(naming, config.vision.layers));
  }
  parts.text_tower = std::make_unique<TextTransformer>(loader, parts.compute, config,
                                                       text_transformer_names(naming, config.text.layers));
  loader.want({{"logit_scale", {}}}, [&parts](const std::vector<at::Tensor>& tensors) {
    parts.logit_scale = std::exp(tensors[0].item<float>());
  });
  loader.load();
}

}  // namespace

std::unique_ptr<ImageTextEncoder> load_image_text_encoder(const fs::path& folder,
                                                          const ComputeOptions& options) {
  return guard_torch(folder.string(), [&]() -> std::unique_ptr<ImageTextEncoder> {
    const c10::InferenceMode inference;
    ClipParts parts;
    parts.name = folder.string();
    parts.config = read_clip_config(require_model_file(folder, "config.json"));
    parts.preprocess = read_preprocessor_config(folder / "preprocessor_config.json",
                                                static_cast<int>(parts.config.vision.image_size));
    const auto file =
        std::make_shared<const SafetensorsFile>(require_model_file(folder, "model.safetensors"));
    parts.compute = make_compute(options, *file);
    parts.compute.apply_threads();
    parts.tokenizer = load_tokenizer(folder);
    parts.framing = choose_framing(parts.config.text, *parts.tokenizer);
    check_vocabulary(parts.config.text, *parts.tokenizer, parts.framing, folder);
    load_towers(file, parts);
    parts.weights = file;
    parts.text_fingerprint = fingerprint_text(*file, parts.config, parts.framing, folder, options.precision);
    return std::make_unique<ClipEncoder>(std::move(parts));
  });
}

}  // namespace kiloword
