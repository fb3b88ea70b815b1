#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "kiloword/model/image_text_encoder.h"

namespace kiloword {

/// Embeddings kept on disk between runs, one file per key. Safe with any number of processes at once: files
/// appear whole or not at all. A file that is truncated, altered or of another shape counts as missing, so
/// that its embeddings are computed and stored again.
class EmbeddingCache {
 public:
  /// Files live in `folder`, made when first needed. An empty path switches the cache off.
  explicit EmbeddingCache(std::filesystem::path folder);

  const std::filesystem::path& folder() const { return folder_; }

  /// The embeddings stored under `key`, if they are intact and have the shape [rows, dim].
  std::optional<Embeddings> load(const std::string& key, int64_t rows, int64_t dim) const;

  /// Stores `embeddings`. Returns false when the folder cannot be written: a cache that cannot be kept costs
  /// time, not results.
  bool store(const std::string& key, const Embeddings& embeddings) const;

 private:
  std::filesystem::path file_of(const std::string& key) const;

  std::filesystem::path folder_;
};

}  // namespace kiloword
