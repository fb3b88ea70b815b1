#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/model/description_model.h"
#include "kiloword/model/embeddings.h"
#include "kiloword/model/incremental_text_encoder.h"
#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// A word of a model's word head, in lower case.
struct HeadWord {
  std::string word;
  std::string word_class;  ///< "person", "animal", "vehicle", "clothing", "action", "scene", "colour", ...
};

/// A network that embeds images and texts in one space (CLIP, Radford et al. 2021). encode_images() may be
/// called from several threads at once, each call on its own cores (use_threads()), and so may calls for
/// texts if each uses one core; everything else only from one thread at a time.
class ImageTextEncoder {
 public:
  ImageTextEncoder() = default;
  ImageTextEncoder(const ImageTextEncoder&) = delete;
  ImageTextEncoder& operator=(const ImageTextEncoder&) = delete;
  virtual ~ImageTextEncoder() = default;

  /// D, the width of the joint space.
  virtual int64_t embedding_dim() const = 0;
  virtual const PreprocessSpec& preprocess() const = 0;
  /// exp(logit_scale): the factor of a cosine before the softmax or sigmoid.
  virtual float logit_multiplier() const = 0;
  /// For a model trained with a sigmoid loss (SigLIP), the bias added to the scaled cosine. None: softmax.
  virtual std::optional<float> logit_bias() const { return std::nullopt; }
  /// Maximum number of tokens of a text, including start and end.
  virtual int context_length() const = 0;
  /// The number of tokens of `text`, including start and end, before truncation.
  virtual int count_tokens(const std::string& text) const = 0;
  /// Changes whenever the text embeddings may change: weights of the text tower, its settings, tokenizer,
  /// precision.
  virtual const std::string& text_fingerprint() const = 0;
  /// Changes whenever any embedding may change: what text_fingerprint() covers, the weights and settings of
  /// the image tower, preprocessing. The first call reads all weights.
  virtual const std::string& fingerprint() const = 0;
  /// Sets the number of cores for each later call, 0 for all; a network of less than 64 MB always uses one.
  /// Must not be called during another call. Does not affect results.
  virtual void use_threads(int /*threads*/) {}
  /// Where the network runs: "cpu", "cuda:0".
  virtual std::string device() const = 0;

  /// `pixels`: `count` normalised images [count, 3, S, S]. Results do not depend on other images of the
  /// batch, nor on calls from other threads.
  virtual Embeddings encode_images(const std::vector<float>& pixels, int64_t count) = 0;
  /// The same for images [3, H, W], one after another, of the given `sizes`: those that preprocess()
  /// requires, which vary only with ResizeMode::kPatches.
  virtual Embeddings encode_pictures(const std::vector<float>& pixels,
                                     const std::vector<PictureSize>& sizes) {
    return encode_images(pixels, static_cast<int64_t>(sizes.size()));
  }

  /// The words of the columns of Embeddings::words; none without a word head.
  virtual const std::vector<HeadWord>& words() const {
    static const std::vector<HeadWord> kNone;
    return kNone;
  }

  /// The decoder that writes texts about images (CoCa); null if the model has none. The first call loads it;
  /// from then on, Embeddings::findings are filled in. Must not be called during another call. Throws
  /// Error(kModel).
  virtual DescriptionModel* description_model() { return nullptr; }

  /// Whether a text's embedding is bit-identical regardless of other texts in the same or earlier calls.
  virtual bool texts_are_independent() const { return false; }

  /// Embeds any number of texts, in batches of similar length. Texts over the context length are truncated,
  /// keeping the end token.
  virtual Embeddings encode_texts(const std::vector<std::string>& texts) = 0;

  /// An encoder for growing texts, which must not outlive this one. If the text tower is not causal and so
  /// cannot share work between texts, every text is encoded as a whole.
  virtual std::unique_ptr<IncrementalTextEncoder> growing_texts();
};

/// Encodes every text as a whole.
class WholeTextEncoder : public IncrementalTextEncoder {
 public:
  explicit WholeTextEncoder(ImageTextEncoder& encoder) : encoder_(encoder) {}
  Embeddings encode(const std::vector<std::string>& texts) override { return encoder_.encode_texts(texts); }

 private:
  ImageTextEncoder& encoder_;
};

inline std::unique_ptr<IncrementalTextEncoder> ImageTextEncoder::growing_texts() {
  return std::make_unique<WholeTextEncoder>(*this);
}

}  // namespace kiloword
