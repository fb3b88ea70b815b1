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

/// How texts are converted to tokens for a model.
struct TextFraming {
  int32_t start_id = -1;
  int32_t end_id = -1;
  /// Pool at the highest id, as OpenAI's own code does. The `eos_token_id: 2` of Hugging Face's early CLIP
  /// configurations, which is wrong, implies this.
  bool pool_at_highest = false;
  int32_t pad_id = -1;  ///< pads texts to the context length; -1: no padding
  /// Appended to a text, after one id 0 if there is room (see TextTransformer); -1: none.
  int32_t class_id = -1;
  CutSide cut_side = CutSide::kEnd;  ///< where texts that are too long are truncated
};

/// The parts of a CLIP model, ready to use.
struct ClipParts {
  Compute compute;
  ClipConfig config;
  PreprocessSpec preprocess;
  std::unique_ptr<ImageTower> image_tower;
  std::unique_ptr<TextTransformer> text_tower;  ///< call `load_text_tower` before use
  /// Reads the text tower's weights on its first call: with cached label embeddings, no text is encoded.
  WeightLoader::Rest load_text_tower;
  std::unique_ptr<WordHead> word_head;  ///< null if the model has none
  std::unique_ptr<Tokenizer> tokenizer;
  TextFraming framing;
  float logit_scale = 1.0F;
  std::optional<float> logit_bias;
  std::string text_fingerprint;
  std::shared_ptr<const Checkpoint> weights;
  std::shared_ptr<const Checkpoint> network;  ///< weight file of a third-party image tower; null: none
  std::string name;                           ///< folder or file, for errors
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

  /// The token ids for the text tower: up to the pooled token, or to the context length if texts are padded.
  std::vector<int32_t> tokens_of(const std::string& text) const;
  Embeddings to_unit_length(const at::Tensor& embeddings) const;
  /// `features_of`(begin, count) returns the image tower's features of `count` images from index `begin` on.
  template <typename Features>
  Embeddings encode_in_batches(int64_t count, const Features& features_of);
  [[noreturn]] void refuse_pixels() const;

  ClipParts parts_;
  std::unique_ptr<DescriptionModel> writer_;  ///< created on first use
  mutable std::once_flag fingerprint_once_;
  mutable std::string fingerprint_;
};

}  // namespace kiloword
