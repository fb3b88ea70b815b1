#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/checkpoint/config_reader.h"
#include "kiloword/nn/transformer_shape.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// The kind of an image tower. Fingerprints contain its number, so new kinds go last.
enum class VisionKind {
  kVisionTransformer,  ///< with a class token, whose place is the result
  kModifiedResNet,
  kAttentionPooled,    ///< a vision transformer without class token whose patches are pooled by attention
  kEfficientNetLite,   ///< its weights are a file of their own, only the projection behind it is the model's
  kNaFlex,             ///< as kAttentionPooled, for images of any shape, of so many patches
  kFastVit,            ///< convolutions and, in the last stages, attention
  kStemTransformer,    ///< a vision transformer with class token behind a convolutional stem
  kPerceptionEncoder,  ///< a vision transformer with rotary positions, pooled by attention and projected
  kCoca                ///< a vision transformer with class token whose rows learned queries attend to
};

/// How a model was trained, which decides what its text tower sees and what its cosines mean.
enum class ClipFamily {
  kClip,   ///< Radford et al. 2021: causal text tower pooled at the end token, softmax over texts
  kSiglip  ///< Zhai et al. 2023: padded texts seen as a whole and pooled at the last place, a sigmoid a text
};

/// The image tower. The defaults are those of Hugging Face's CLIPVisionConfig.
struct VisionConfig {
  VisionKind kind = VisionKind::kVisionTransformer;
  int64_t image_size = 224;  ///< S, pixels; of NaFlex, of a square picture
  /// C; of a ModifiedResNet or FastViT: channels behind the stem, of an EfficientNet: features F
  int64_t width = 768;
  int64_t heads = 12;  ///< of a ModifiedResNet: of the attention pooling

  // Vision transformer
  int64_t patch_size = 32;  ///< P, pixels
  int64_t hidden = 3072;
  int64_t layers = 12;
  Activation activation = Activation::kQuickGelu;
  double norm_epsilon = 1e-5;
  bool timm_names = false;      ///< its tensors have timm's names, and its projection a bias
  bool has_class_token = true;  ///< of a perception encoder
  int64_t position_grid = 0;    ///< G, side of NaFlex's square of positions

  // CoCa
  int64_t pool_heads = 8;      ///< of the attention of its queries
  int64_t pool_queries = 256;  ///< Q, the first of which gives the embedding

  // ModifiedResNet
  std::vector<int64_t> stage_blocks;  ///< blocks in each of the four stages; of a FastViT four or five
  bool stem_pool = true;              ///< average pooling behind the stem

  // FastViT
  int64_t hidden_ratio = 4;  ///< width of the feed-forward layers in channels

  // EfficientNet-Lite; `hidden`: of the projection
  std::string network;  ///< name of the network and of the file of its weights ("efficientnet-lite0")
  double width_coefficient = 1;
  double depth_coefficient = 1;
};

/// The text tower. The defaults are those of Hugging Face's CLIPTextConfig.
struct TextConfig {
  int64_t vocab_size = 49408;
  int64_t width = 512;  ///< C
  int64_t hidden = 2048;
  int64_t layers = 12;
  int64_t heads = 8;
  int64_t context_length = 77;  ///< `max_position_embeddings`
  Activation activation = Activation::kQuickGelu;
  double norm_epsilon = 1e-5;
  /// Of the family kClip: a token sees those before it and itself. Otherwise it sees all places of the
  /// context, which texts are padded to.
  bool causal = true;
  /// CoCa's: a class token behind the last place of the context is pooled, and padding is masked.
  bool class_token = false;
  int32_t bos_id = -1;  ///< -1: not given
  int32_t eos_id = -1;
  /// Pooled at the tokenizer's end token also where `eos_id` is 2 (MetaCLIP 2), which otherwise stands for
  /// the highest id. Another `eos_id` has to be the tokenizer's.
  bool pools_at_own_end = false;
  /// What OpenCLIP does to texts of the family kClip (`tokenizer_kwargs`).
  TextCleaning cleaning = TextCleaning::kRepaired;
};

/// CoCa's caption decoder. Its width, vocabulary and context are the text tower's.
struct CaptionDecoderConfig {
  int64_t hidden = 2048;
  int64_t layers = 0;
  int64_t heads = 8;
  Activation activation = Activation::kGelu;
  double norm_epsilon = 1e-5;
};

struct ClipConfig {
  ClipFamily family = ClipFamily::kClip;
  VisionConfig vision;
  TextConfig text;
  std::optional<CaptionDecoderConfig> decoder;
  int64_t projection_dim = 512;  ///< D
};

// Far above every published model, low enough that nothing computed from them overflows.
inline constexpr int64_t kMaxTowerWidth = 16384;
inline constexpr int64_t kMaxTowerHidden = 65536;
inline constexpr int64_t kMaxTowerLayers = 256;
inline constexpr int64_t kMaxImageSize = 4096;
inline constexpr int64_t kMaxVocabulary = 4'000'000;
inline constexpr int64_t kMaxContext = 8192;
inline constexpr int64_t kMaxPatches = 4096;  // of a NaFlex picture, and of its square of positions
inline constexpr int64_t kMaxResNetWidth = 1024;

/// Checks the settings of a ModifiedResNet that only make sense together; `image_key` and `width_key` are
/// where `config` has them. Throws Error(kModel).
void check_modified_resnet(const VisionConfig& vision, const ConfigReader& config, const char* image_key,
                           const char* width_key);

/// Refuses an image smaller than a patch whose size is the default. Throws Error(kModel).
void check_patch_fits(const VisionConfig& vision, const ConfigReader& config);

/// Reads Hugging Face's `config.json` of a CLIP or SigLIP model. Throws Error(kModel) that names file and key
/// for values that are missing, ill-typed, out of range or at odds with each other.
ClipConfig read_clip_config(const std::filesystem::path& path);

}  // namespace kiloword
