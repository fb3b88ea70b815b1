#include "kiloword/clip/load_encoder.h"

#include <c10/core/InferenceMode.h>

#include <cmath>
#include <functional>
#include <system_error>

#include "clip/attention_pooled_tower.h"
#include "clip/clip_encoder.h"
#include "clip/coca_tower.h"
#include "clip/config.h"
#include "clip/efficientnet.h"
#include "clip/fastvit.h"
#include "clip/fingerprints.h"
#include "clip/model_files.h"
#include "clip/modified_resnet.h"
#include "clip/naflex_tower.h"
#include "clip/perception_encoder.h"
#include "clip/stem_transformer.h"
#include "clip/tensor_names.h"
#include "clip/text_transformer.h"
#include "clip/vision_transformer.h"
#include "kiloword/base/error.h"
#include "kiloword/base/text.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/checkpoint/config_reader.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/nn/torch_error.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr int32_t kLegacyEosId = 2;
constexpr int32_t kOpenClipPadId = 0;

/// The id of the token that fills texts of SigLIP: what tokenizer_config.json calls pad_token, by default the
/// end token.
int32_t find_pad_id(const fs::path& folder, const Tokenizer& tokenizer) {
  const fs::path path = folder / "tokenizer_config.json";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return tokenizer.end_id();
  const ConfigReader config = ConfigReader::open(path);
  const std::string name = config.is_object("pad_token") ? config.object("pad_token").text("content", "")
                                                         : config.text("pad_token", "");
  if (name.empty()) return tokenizer.end_id();
  for (int32_t id = 0; id < tokenizer.vocab_size(); ++id) {
    if (tokenizer.piece(id) == name) return id;
  }
  config.fail("pad_token", "is not in the vocabulary");
}

TextFraming choose_framing(const ClipConfig& config, const Tokenizer& tokenizer, const fs::path& folder) {
  TextFraming framing;
  const TextConfig& text = config.text;
  if (config.family == ClipFamily::kSiglip) {
    framing.end_id = tokenizer.end_id();
    framing.pad_id = find_pad_id(folder, tokenizer);
    return framing;
  }
  if (text.pools_at_own_end) {
    framing.start_id = tokenizer.start_id();
    framing.end_id = tokenizer.end_id();
    return framing;
  }
  if (!text.causal) framing.pad_id = kOpenClipPadId;
  if (text.class_token) framing.class_id = static_cast<int32_t>(text.vocab_size);
  framing.pool_at_highest = text.eos_id == kLegacyEosId;
  framing.start_id = tokenizer.start_id() >= 0 ? tokenizer.start_id() : text.bos_id;
  framing.end_id = tokenizer.end_id() >= 0 ? tokenizer.end_id() : text.eos_id;
  return framing;
}

/// Vocabularies may be filled up to a round number, with rows that no token has.
void check_vocabulary(const TextConfig& text, const Tokenizer& tokenizer, const TextFraming& framing,
                      const fs::path& folder) {
  constexpr int64_t kMostPadding = 1024;
  const int64_t padding = text.vocab_size - tokenizer.vocab_size();
  if (padding < 0 || padding >= kMostPadding) {
    throw Error(ErrorKind::kModel,
                "the tokenizer has " + std::to_string(tokenizer.vocab_size()) +
                    " entries, text_config.vocab_size in config.json is " + std::to_string(text.vocab_size),
                folder.string(), "use the tokenizer files that belong to this model");
  }
  if (framing.end_id < 0) {
    throw Error(ErrorKind::kModel, "neither the tokenizer nor text_config.eos_token_id names the end token",
                folder.string(), "add eos_token_id to config.json");
  }
  if (!framing.pool_at_highest && text.eos_id >= 0 && text.eos_id != framing.end_id) {
    throw Error(ErrorKind::kModel,
                "the end token has the id " + std::to_string(text.eos_id) + " in the settings, " +
                    std::to_string(framing.end_id) + " in the tokenizer",
                folder.string(), "use the tokenizer files that belong to this model");
  }
  if (framing.end_id >= text.vocab_size || framing.start_id >= text.vocab_size) {
    throw Error(ErrorKind::kModel, "bos_token_id or eos_token_id is outside the vocabulary",
                (folder / "config.json").string(), "correct it or download the model again");
  }
}

/// Also loads the network, whose file is not the model's.
std::unique_ptr<ImageTower> make_efficientnet(WeightLoader& loader, const ClipParts& parts) {
  WeightLoader network(parts.network);
  auto tower = std::make_unique<EfficientNetLite>(loader, network, parts.compute, parts.config);
  network.load();
  return tower;
}

std::unique_ptr<ImageTower> make_image_tower(WeightLoader& loader, const ClipParts& parts, Naming naming) {
  const ClipConfig& config = parts.config;
  switch (config.vision.kind) {
    case VisionKind::kEfficientNetLite:
      return make_efficientnet(loader, parts);
    case VisionKind::kModifiedResNet:
      return std::make_unique<ModifiedResNet>(loader, parts.compute, config);
    case VisionKind::kAttentionPooled:
      return std::make_unique<AttentionPooledTower>(loader, parts.compute, config,
                                                    attention_pooled_names(naming, config.vision.layers));
    case VisionKind::kCoca:
      return std::make_unique<CocaTower>(loader, parts.compute, config,
                                         vision_transformer_names(naming, config.vision.layers));
    case VisionKind::kFastVit:
      return std::make_unique<FastVit>(loader, parts.compute, config);
    case VisionKind::kStemTransformer:
      return std::make_unique<StemTransformer>(loader, parts.compute, config);
    case VisionKind::kPerceptionEncoder:
      return std::make_unique<PerceptionEncoder>(loader, parts.compute, config);
    case VisionKind::kNaFlex:
      return std::make_unique<NaFlexTower>(loader, parts.compute, config,
                                           attention_pooled_names(naming, config.vision.layers),
                                           parts.preprocess.max_patches);
    case VisionKind::kVisionTransformer:
      break;
  }
  const int64_t layers = config.vision.layers;
  return std::make_unique<VisionTransformer>(loader, parts.compute, config,
                                             config.vision.timm_names
                                                 ? timm_vision_transformer_names(layers)
                                                 : vision_transformer_names(naming, layers));
}

/// Scale and bias are stored as scalars or as lists of one.
void want_scalar(WeightLoader& loader, const Checkpoint& checkpoint, const std::string& name,
                 std::function<void(float)> receive) {
  const TensorView* view = checkpoint.find(name);
  const std::vector<int64_t> shape =
      view != nullptr && !view->shape.empty() ? std::vector<int64_t>{1} : std::vector<int64_t>{};
  loader.request({{name, shape}}, [receive = std::move(receive)](const std::vector<at::Tensor>& tensors) {
    receive(tensors[0].item<float>());
  });
}

/// Its tensors are not read for embeddings.
void ignore_caption_decoder(WeightLoader& loader, const Checkpoint& checkpoint) {
  for (const auto& [name, view] : checkpoint.tensors()) {
    if (starts_with(name, "text_decoder.")) loader.ignore(name);
  }
}

void load_towers(const std::shared_ptr<const Checkpoint>& checkpoint, ClipParts& parts) {
  const Naming naming = detect_naming(*checkpoint);
  const ClipConfig& config = parts.config;
  WeightLoader loader(checkpoint);
  parts.image_tower = make_image_tower(loader, parts, naming);
  parts.load_text_tower = loader.later([&] {
    parts.text_tower = std::make_unique<TextTransformer>(
        loader, parts.compute, config, text_transformer_names(naming, config.family, config.text.layers));
  });
  want_scalar(loader, *checkpoint, "logit_scale",
              [&parts](float value) { parts.logit_scale = std::exp(value); });
  if (config.vision.kind == VisionKind::kCoca) ignore_caption_decoder(loader, *checkpoint);
  // OpenCLIP trains CLIP's networks with SigLIP's loss too; transformers' CLIP leaves a bias unread.
  const bool trained_so = naming != Naming::kHuggingFace && loader.has("logit_bias");
  if (config.family == ClipFamily::kSiglip || trained_so) {
    want_scalar(loader, *checkpoint, "logit_bias", [&parts](float value) { parts.logit_bias = value; });
  } else {
    loader.ignore("logit_bias");
  }
  loader.load();
}

/// The word head of a model whose tower pools features of a network for it; null where there is none.
std::unique_ptr<WordHead> load_word_head(const fs::path& folder, const ClipParts& parts) {
  std::error_code ignored;
  if (parts.config.vision.kind != VisionKind::kEfficientNetLite || !fs::exists(folder / kWordList, ignored))
    return nullptr;
  return std::make_unique<WordHead>(folder, parts.compute, parts.config.vision.width);
}

}  // namespace

std::unique_ptr<ImageTextEncoder> load_image_text_encoder(const fs::path& model,
                                                          const ComputeOptions& options,
                                                          const TokenizerLoader& load) {
  return guard_torch(model.string(), [&]() -> std::unique_ptr<ImageTextEncoder> {
    const c10::InferenceMode inference;
    const ModelFiles files = find_model_files(model);
    ClipParts parts;
    parts.name = model.string();
    parts.config = read_config(files);
    parts.preprocess = read_preprocessing(files, parts.config);
    parts.weights = open_weights(files);
    if (parts.config.vision.kind == VisionKind::kEfficientNetLite)
      parts.network = open_network(files, parts.config.vision.network);
    parts.compute = make_compute(options, *parts.weights);
    parts.compute.apply_threads();
    const TextCleaning cleaning = find_cleaning(files, parts.config);
    parts.tokenizer = load(files.folder, cleaning);
    parts.framing = choose_framing(parts.config, *parts.tokenizer, files.folder);
    parts.framing.cut_side = find_cut_side(files, cleaning);
    check_vocabulary(parts.config.text, *parts.tokenizer, parts.framing, model);
    load_towers(parts.weights, parts);
    parts.word_head = load_word_head(files.folder, parts);
    parts.text_fingerprint = fingerprint_text(*parts.weights, parts.config, parts.framing, files.folder,
                                              cleaning, options.precision);
    return std::make_unique<ClipEncoder>(std::move(parts));
  });
}

}  // namespace kiloword
