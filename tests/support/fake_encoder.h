#pragma once

#include <atomic>
#include <cmath>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "kiloword/model/image_text_encoder.h"
#include "kiloword/scoring/similarity.h"

namespace kiloword::testing {

/// An encoder without a network: a text's embedding comes from its bytes, an image's from its first pixels.
/// It counts what it is asked for.
class FakeEncoder : public ImageTextEncoder {
 public:
  static constexpr int64_t kDim = 8;

  int64_t embedding_dim() const override { return kDim; }
  const PreprocessSpec& preprocess() const override { return spec_; }
  float logit_multiplier() const override { return 100.0F; }
  int context_length() const override { return 32; }
  int count_tokens(const std::string& text) const override { return static_cast<int>(text.size()) + 2; }
  const std::string& text_fingerprint() const override { return identity; }
  const std::string& fingerprint() const override { return text_fingerprint(); }
  std::string device() const override { return "cpu"; }
  bool texts_are_independent() const override { return true; }

  Embeddings encode_images(const std::vector<float>& pixels, int64_t count) override {
    images_encoded += count;
    Embeddings result{count, kDim, {}};
    const size_t stride = pixels.size() / static_cast<size_t>(count);
    for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
      result.values.insert(result.values.end(), pixels.begin() + static_cast<long>(i * stride),
                           pixels.begin() + static_cast<long>(i * stride) + kDim);
      normalize_in_place(result.values.data() + i * kDim, kDim);
    }
    return result;
  }

  Embeddings encode_texts(const std::vector<std::string>& texts) override {
    texts_encoded += static_cast<int64_t>(texts.size());
    Embeddings result{static_cast<int64_t>(texts.size()), kDim, {}};
    for (const std::string& text : texts) {
      const std::vector<float> row = text_embedding(text);
      result.values.insert(result.values.end(), row.begin(), row.end());
    }
    return result;
  }

  static std::vector<float> text_embedding(const std::string& text) {
    std::vector<float> row(kDim);
    uint64_t state = 1469598103934665603U;
    for (const char c : text) state = (state ^ static_cast<unsigned char>(c)) * 1099511628211U;
    for (float& value : row) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      value = static_cast<float>(static_cast<double>(state >> 33) / 4294967296.0 - 0.25);
    }
    normalize_in_place(row.data(), kDim);
    return row;
  }

  std::string identity = "fake";
  std::atomic<int64_t> texts_encoded{0};
  std::atomic<int64_t> images_encoded{0};

 private:
  PreprocessSpec spec_{4, ResizeMode::kShortest, ResizeFilter::kBicubic, {0, 0, 0}, {1, 1, 1}};
};

}  // namespace kiloword::testing
