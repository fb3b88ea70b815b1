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

/// A word that a model's word head knows, in lower case.
struct HeadWord {
  std::string word;
  std::string word_class;  ///< "person", "animal", "vehicle", "clothing", "action", "scene", "colour", ...
};

/// A network that embeds images and texts in one space (CLIP, Radford et al. 2021). encode_images may be
/// called from several threads at once, each call on its own cores (use_threads), and so may calls for texts
/// if each has one core; everything else from one thread at a time.
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
  /// Of a model trained with a sigmoid for every text (SigLIP): added to the scaled cosine. None: softmax.
  virtual std::optional<float> logit_bias() const { return std::nullopt; }
  /// Tokens a text may have, start and end included.
  virtual int context_length() const = 0;
  /// How many tokens `text` has, start and end included, before any cut.
  virtual int count_tokens(const std::string& text) const = 0;
  /// Changes whenever the text embeddings may change: weights of the text tower, its settings, tokenizer,
  /// precision.
  virtual const std::string& text_fingerprint() const = 0;
  /// Changes whenever any embedding may change: what text_fingerprint() covers, the weights and settings of
  /// the image tower, preprocessing. The first call reads all weights.
  virtual const std::string& fingerprint() const = 0;
  /// Cores that each further call may use, 0 for all; a network of less than 64 MB stays on one. Not while a
  /// call runs. Results do not depend on it.
  virtual void use_threads(int /*threads*/) {}
  /// Where the network runs: "cpu", "cuda:0".
  virtual std::string device() const = 0;

  /// `pixels`: `count` normalised images [count, 3, S, S]. A result does not depend on which images share
  /// its batch, nor on calls from other threads.
  virtual Embeddings encode_images(const std::vector<float>& pixels, int64_t count) = 0;
  /// The same for images [3, H, W], one after another, of the given `sizes`: those that preprocess() asks
  /// for, which differ only with ResizeMode::kPatches.
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
  /// from then on Embeddings::findings are filled in. Not while another call runs. Throws Error(kModel).
  virtual DescriptionModel* description_model() { return nullptr; }

  /// Whether a text's embedding is bit-identical whatever texts share its call or came before.
  virtual bool texts_are_independent() const { return false; }

  /// Any number of texts, in batches of like length; those over the context length are cut, the end token
  /// kept.
  virtual Embeddings encode_texts(const std::vector<std::string>& texts) = 0;

  /// An encoder for texts that grow, which must not outlive this one. If the text tower cannot share work
  /// between texts (it is not causal), every text is encoded as a whole.
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
