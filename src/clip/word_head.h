#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <vector>

#include "clip/word_list.h"
#include "kiloword/nn/compute.h"

namespace kiloword {

/// Predicts the words that people would use for an image from the image tower's pooled features: one linear
/// layer with a sigmoid per word.
class WordHead {
 public:
  /// Loads words.txt and words.safetensors from `folder`, for features of `width` values. Throws
  /// Error(kModel).
  WordHead(const std::filesystem::path& folder, const Compute& compute, int64_t width);

  const std::vector<HeadWord>& words() const { return words_; }

  /// Features [B, F], fp32 -> probabilities [B, W].
  at::Tensor operator()(const at::Tensor& features) const;

 private:
  std::vector<HeadWord> words_;
  at::Tensor weight_;  // [W, F]
  at::Tensor bias_;    // [W]
};

}  // namespace kiloword
