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

/// The kind of an image tower. Fingerprints contain its numeric value, so new kinds go at the end.
enum class VisionKind {
  kVisionTransformer,  ///< pooled at its class token
  kModifiedResNet,
  kAttentionPooled,    ///< a vision transformer without class token, pooled by attention
  kEfficientNetLite,   ///< weights in a separate file; only the projection belongs to the model
  kNaFlex,             ///< as kAttentionPooled, for images of any aspect ratio with a limit on patches
  kFastVit,            ///< convolutions and, in the last stages, attention
  kStemTransformer,    ///< a vision transformer with class token and a convolutional stem
  kPerceptionEncoder,  ///< a vision transformer with rotary positions, pooled by attention and projected
  kCoca                ///< a vision transformer with class token, pooled by learned queries
};

/// The training method, which determines the text tower's input and the meaning of cosines.
enum class ClipFamily {
  kClip,   ///< Radford et al. 2021: causal text tower pooled at the end token, softmax over texts
  kSiglip  ///< Zhai et al. 2023: padded texts, bidirectional, pooled at the last position; a sigmoid per text
};

/// The image tower. The defaults are those of Hugging Face's CLIPVisionConfig.
struct VisionConfig {
  VisionKind kind = VisionKind::kVisionTransformer;
  int64_t image_size = 224;  ///< S, pixels; for NaFlex, of a square image
  /// C; for a ModifiedResNet or FastViT, channels after the stem; for an EfficientNet, features F.
  int64_t width = 768;
  int64_t heads = 12;  ///< for a ModifiedResNet, of the attention pooling

  // Vision transformer
  int64_t patch_size = 32;  ///< P, pixels
  int64_t hidden = 3072;
  int64_t layers = 12;
  Activation activation = Activation::kQuickGelu;
  double norm_epsilon = 1e-5;
  bool timm_names = false;      ///< tensors have timm's names, and the projection has a bias
  bool has_class_token = true;  ///< for a perception encoder
  int64_t position_grid = 0;    ///< G, side of NaFlex's grid of positions

  // CoCa
  int64_t pool_heads = 8;      ///< of the queries' attention
  int64_t pool_queries = 256;  ///< Q, the first of which gives the embedding

  // ModifiedResNet
  std::vector<int64_t> stage_blocks;  ///< blocks per stage: four stages; for a FastViT, four or five
  bool stem_pool = true;              ///< average pooling after the stem

  // FastViT
  int64_t hidden_ratio = 4;  ///< width of the feed-forward layers, as a multiple of the channels

  // EfficientNet-Lite; `hidden` is that of the projection
  std::string network;  ///< name of the network and of its weight file ("efficientnet-lite0")
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
  /// For the family kClip: a token attends to itself and earlier tokens. Otherwise, it attends to the whole
  /// context, to which texts are padded.
  bool causal = true;
  /// CoCa: a class token after the last position of the context is pooled, and padding is masked.
  bool class_token = false;
  int32_t bos_id = -1;  ///< -1: unspecified
  int32_t eos_id = -1;
  /// Pool at the tokenizer's end token even if `eos_id` is 2 (MetaCLIP 2), which otherwise implies pooling at
  /// the highest id. Any other `eos_id` must be the tokenizer's.
  bool pools_at_own_end = false;
  /// Text cleaning of OpenCLIP for the family kClip (`tokenizer_kwargs`).
  TextCleaning cleaning = TextCleaning::kRepaired;
};

/// CoCa's caption decoder. Width, vocabulary and context length are those of the text tower.
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

// Far above any published model, but low enough that nothing computed from them overflows.
inline constexpr int64_t kMaxTowerWidth = 16384;
inline constexpr int64_t kMaxTowerHidden = 65536;
inline constexpr int64_t kMaxTowerLayers = 256;
inline constexpr int64_t kMaxImageSize = 4096;
inline constexpr int64_t kMaxVocabulary = 4'000'000;
inline constexpr int64_t kMaxContext = 8192;
inline constexpr int64_t kMaxPatches = 4096;  // of a NaFlex image, and of its grid of positions
inline constexpr int64_t kMaxResNetWidth = 1024;

/// Checks combinations of a ModifiedResNet's settings; `image_key` and `width_key` are their keys in
/// `config`. Throws Error(kModel).
void check_modified_resnet(const VisionConfig& vision, const ConfigReader& config, const char* image_key,
                           const char* width_key);

/// Throws Error(kModel) if an image is smaller than the default patch size; explicit sizes are checked when
/// read.
void check_patch_fits(const VisionConfig& vision, const ConfigReader& config);

/// Reads Hugging Face's `config.json` of a CLIP or SigLIP model. Throws Error(kModel) that names file and key
/// for missing, ill-typed, out-of-range or inconsistent values.
ClipConfig read_clip_config(const std::filesystem::path& path);

}  // namespace kiloword
