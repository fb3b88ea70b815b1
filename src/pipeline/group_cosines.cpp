#include "pipeline/group_cosines.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "kiloword/scoring/similarity.h"

namespace kiloword {

Embeddings GroupCosines::encode(const std::vector<std::string>& texts, IncrementalTextEncoder& encoder) {
  if (memo_ == nullptr) return encoder.encode(texts);
  Embeddings all;
  all.rows = static_cast<int64_t>(texts.size());
  all.dim = encoder_.embedding_dim();
  all.values.resize(texts.size() * static_cast<size_t>(all.dim));
  std::vector<size_t> unknown;
  std::vector<std::string> unknown_texts;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (memo_->find(texts[i], all.values.data() + static_cast<int64_t>(i) * all.dim)) continue;
    unknown.push_back(i);
    unknown_texts.push_back(texts[i]);
  }
  const Embeddings encoded = encoder.encode(unknown_texts);  // [unknown, D]
  for (size_t i = 0; i < unknown.size(); ++i) {
    const float* row = encoded.row(static_cast<int64_t>(i));
    std::copy(row, row + all.dim, all.values.data() + static_cast<int64_t>(unknown[i]) * all.dim);
    memo_->add(unknown_texts[i], row, all.dim);
  }
  return all;
}

std::vector<std::vector<double>> GroupCosines::score(const std::vector<std::vector<std::string>>& texts) {
  std::unordered_map<std::string_view, size_t> place_of;
  std::vector<std::string> distinct;
  for (const std::vector<std::string>& own : texts) {
    for (const std::string& text : own) {
      if (place_of.try_emplace(text, distinct.size()).second) distinct.push_back(text);
    }
  }
  const Embeddings embeddings = encode(distinct, *texts_);  // [distinct, D]
  std::vector<std::vector<double>> result(texts.size());
  for (size_t image = 0; image < texts.size(); ++image) {
    Embeddings own;
    own.rows = static_cast<int64_t>(texts[image].size());
    own.dim = embeddings.dim;
    for (const std::string& text : texts[image]) {
      const float* row = embeddings.row(static_cast<int64_t>(place_of.at(text)));
      own.values.insert(own.values.end(), row, row + own.dim);
    }
    const std::vector<float> values = cosines(images_[image]->row(0), own);
    result[image].assign(values.begin(), values.end());
  }
  return result;
}

double GroupCosines::score_alone(size_t image, const std::string& text) {
  const std::unique_ptr<IncrementalTextEncoder> alone = encoder_.growing_texts();
  return cosines(images_[image]->row(0), encode({text}, *alone)).front();
}

}  // namespace kiloword
