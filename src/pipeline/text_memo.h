#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace kiloword {

/// A cache of recent text embeddings, since descriptions of many images begin alike. Thread-safe.
class TextMemo {
 public:
  /// Holds at least `bytes`, and up to twice as much.
  explicit TextMemo(size_t bytes) : bytes_(bytes) {}

  /// Copies the embedding of `text` to `to`; false if it is not cached.
  bool find(const std::string& text, float* to);
  /// Adds the embedding [dim] of `text`.
  void add(const std::string& text, const float* embedding, int64_t dim);

 private:
  using Table = std::unordered_map<std::string, std::vector<float>>;

  const size_t bytes_;
  std::mutex mutex_;
  Table recent_;
  Table older_;  ///< replaced by `recent_` when that is full
  size_t recent_bytes_ = 0;
};

}  // namespace kiloword
