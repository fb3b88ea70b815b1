#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace kiloword {

/// Embeddings of texts that were computed lately: descriptions of many images begin alike. May be used from
/// several threads.
class TextMemo {
 public:
  /// Holds at least `bytes`, and up to twice as much.
  explicit TextMemo(size_t bytes) : bytes_(bytes) {}

  /// Puts the embedding of `text` at `to`; false where it is not known.
  bool find(const std::string& text, float* to);
  /// `embedding` [dim] is that of `text`.
  void add(const std::string& text, const float* embedding, int64_t dim);

 private:
  using Table = std::unordered_map<std::string, std::vector<float>>;

  const size_t bytes_;
  std::mutex mutex_;
  Table recent_;
  Table older_;  ///< is forgotten when `recent_` is full and takes its place
  size_t recent_bytes_ = 0;
};

}  // namespace kiloword
