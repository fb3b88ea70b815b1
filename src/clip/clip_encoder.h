#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "clip/config.h"
#include "clip/image_tower.h"
#include "clip/text_transformer.h"
#include "clip/word_head.h"
#include "kiloword/model/description_model.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/nn/compute.h"
#include "kiloword/nn/weight_loader.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// How texts become tokens for one model.
struct TextFraming {
  int32_t start_id = -1;
  int32_t end_id = -1;
  /// `eos_token_id: 2` in Hugging Face's early CLIP configs is wrong; it stands for pooling at the highest
  /// id, as OpenAI's own code does.
  bool pool_at_highest = false;
  int32_t pad_id = -1;  ///< fills texts up to the context length; -1: none
  /// Behind a text and, if there is room, one id 0 (see TextTransformer); -1: none.
  int32_t class_id = -1;
  CutSide cut_side = CutSide::kEnd;  ///< where texts that are too long lose tokens
};

/// The parts of a CLIP model that is ready to use.
struct ClipParts {
  Compute compute;
  ClipConfig config;
  PreprocessSpec preprocess;
  std::unique_ptr<ImageTower> image_tower;
  std::unique_ptr<TextTransformer> text_tower;  ///< to be used after `load_text_tower` was called
  /// Reads the text tower's weights at its first call: with label embeddings in the cache no text is encoded.
  WeightLoader::Rest load_text_tower;
  std::unique_ptr<WordHead> word_head;  ///< null: the model has none
  std::unique_ptr<Tokenizer> tokenizer;
  TextFraming framing;
  float logit_scale = 1.0F;
  std::optional<float> logit_bias;
  std::string text_fingerprint;
  std::shared_ptr<const Checkpoint> weights;
  std::shared_ptr<const Checkpoint> network;  ///< of an image tower with a file of its own, else none
  std::string name;                           ///< shown in errors: the folder or file
};

class ClipEncoder : public ImageTextEncoder {
 public:
  explicit ClipEncoder(ClipParts parts);
  ClipEncoder(const ClipEncoder&) = delete;
  ClipEncoder& operator=(const ClipEncoder&) = delete;
  ~ClipEncoder() override;

  int64_t embedding_dim() const override { return parts_.config.projection_dim; }
  const PreprocessSpec& preprocess() const override { return parts_.preprocess; }
  float logit_multiplier() const override { return parts_.logit_scale; }
  std::optional<float> logit_bias() const override { return parts_.logit_bias; }
  int context_length() const override { return static_cast<int>(parts_.config.text.context_length); }
  int count_tokens(const std::string& text) const override;
  const std::string& text_fingerprint() const override { return parts_.text_fingerprint; }
  const std::string& fingerprint() const override;
  void use_threads(int threads) override { parts_.compute.use_threads(threads); }
  std::string device() const override { return parts_.compute.device.str(); }
  bool texts_are_independent() const override {
    return parts_.compute.device.is_cpu() && parts_.compute.type == at::kFloat;
  }
  const std::vector<HeadWord>& words() const override {
    return parts_.word_head ? parts_.word_head->words() : ImageTextEncoder::words();
  }
  DescriptionModel* description_model() override;
  Embeddings encode_images(const std::vector<float>& pixels, int64_t count) override;
  Embeddings encode_pictures(const std::vector<float>& pixels,
                             const std::vector<PictureSize>& sizes) override;
  Embeddings encode_texts(const std::vector<std::string>& texts) override;
  std::unique_ptr<IncrementalTextEncoder> growing_texts() override;

 private:
  class GrowingTexts;

  /// The ids that the text tower sees: to where it is pooled, or as many as the context has.
  std::vector<int32_t> tokens_of(const std::string& text) const;
  Embeddings to_unit_length(const at::Tensor& embeddings) const;
  /// `features_of` (begin, count) gives the tower's features of `count` pictures from number `begin` on.
  template <typename Features>
  Embeddings encode_in_batches(int64_t count, const Features& features_of);
  [[noreturn]] void refuse_pixels() const;

  ClipParts parts_;
  std::unique_ptr<DescriptionModel> writer_;  ///< null until it is asked for
  mutable std::once_flag fingerprint_once_;
  mutable std::string fingerprint_;
};

}  // namespace kiloword
