#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kiloword/base/error.h"

namespace kiloword::cli {

/// Where embeddings go: a JSON line each, or rows that are written to a NumPy file at the end.
class EmbeddingSink {
 public:
  /// `npy_file`: empty for JSON lines. `dim`: values of each embedding.
  EmbeddingSink(std::string npy_file, int64_t dim) : npy_file_(std::move(npy_file)), dim_(dim) {}

  /// The embedding of `value`, which is a "path" or a "text", as `key` says. Throws Error(kUsage), as all
  /// that take a path do, when the NumPy file would replace this input.
  void put(const std::string& key, const std::string& value, const float* embedding,
           const std::vector<std::string>& warnings = {});
  /// The same for "path" `path` as the JSON line that put() would write. Throws Error(kModel) for another
  /// one.
  void put_json(const std::string& path, const std::string& line);
  /// A row of NaN keeps the rows of a NumPy file in step with the inputs.
  void put_error(const std::string& path, const Error& error);
  void finish() const;

 private:
  std::string npy_file_;
  int64_t dim_;
  std::vector<float> rows_;
};

}  // namespace kiloword::cli
