#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <vector>

#include "clip/word_list.h"
#include "kiloword/nn/compute.h"

namespace kiloword {

/// Which words people would use for an image, read off the features that an image tower pools: one linear
/// layer with a sigmoid for each word.
class WordHead {
 public:
  /// Loads words.txt and words.safetensors of `folder`, for features of `width` values. Throws Error(kModel).
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
