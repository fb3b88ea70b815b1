#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "kiloword/model/image_text_encoder.h"

namespace kiloword {

/// An on-disk cache of embeddings, one file per key. Safe for concurrent processes: files appear atomically.
/// A file that is truncated, corrupt or of another shape is a cache miss.
class EmbeddingCache {
 public:
  /// Files are in `folder`, which is created on first use. An empty path disables the cache.
  explicit EmbeddingCache(std::filesystem::path folder);

  const std::filesystem::path& folder() const { return folder_; }

  /// The embeddings stored under `key`, if intact and of shape [rows, dim].
  std::optional<Embeddings> load(const std::string& key, int64_t rows, int64_t dim) const;

  /// Stores `embeddings`. Returns false if the folder cannot be written, which costs time but does not affect
  /// results.
  bool store(const std::string& key, const Embeddings& embeddings) const;

 private:
  std::filesystem::path file_of(const std::string& key) const;

  std::filesystem::path folder_;
};

}  // namespace kiloword
