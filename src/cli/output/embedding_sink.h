#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kiloword/base/error.h"

namespace kiloword::cli {

/// Writes embeddings: one JSON line each, or rows of a NumPy file that is written at the end.
class EmbeddingSink {
 public:
  /// `npy_file`: empty for JSON lines. `dim`: values of each embedding.
  EmbeddingSink(std::string npy_file, int64_t dim) : npy_file_(std::move(npy_file)), dim_(dim) {}

  /// Adds the embedding of `value`, whose `key` is "path" or "text". All functions with a path throw
  /// Error(kUsage) if the NumPy file would replace this input.
  void put(const std::string& key, const std::string& value, const float* embedding,
           const std::vector<std::string>& warnings = {});
  /// Adds the embedding of "path" `path` given as a JSON line in the format of put(). Throws Error(kModel)
  /// for any other line.
  void put_json(const std::string& path, const std::string& line);
  /// Adds an error record, or a row of NaN, so that the rows of a NumPy file match the inputs.
  void put_error(const std::string& path, const Error& error);
  void finish() const;

 private:
  std::string npy_file_;
  int64_t dim_;
  std::vector<float> rows_;
};

}  // namespace kiloword::cli
