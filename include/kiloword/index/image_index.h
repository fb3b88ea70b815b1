#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "kiloword/batch/batch_input.h"

namespace kiloword {

/// What an index covers, and how it was made. Embeddings of indexes with different keys cannot be compared.
struct IndexKey {
  std::string model;        ///< its name, as the user gave it
  std::string fingerprint;  ///< ImageTextEncoder::fingerprint()
  std::string decoding;     ///< how images are decoded, as an opaque text
  std::string root;         ///< absolute path that image paths are relative to; empty: the index's folder
  size_t dim = 0;
};

/// A 128-bit hash of a file's content.
struct ContentHash {
  uint64_t first = 0;
  uint64_t second = 0;

  bool operator==(const ContentHash& other) const { return first == other.first && second == other.second; }
};

ContentHash content_hash(std::string_view bytes);

/// An image of an index.
struct IndexedImage {
  std::string path;  ///< relative to the root
  FileStamp stamp;
  ContentHash content;
};

/// The file name of an index in the folder that it covers.
constexpr std::string_view kIndexName = ".kiloword-index";

/// A read-only, memory-mapped index file: embeddings of images as 16-bit floats, with 8-bit codes for
/// scanning. Rows are numbered in file order; rows of deleted or replaced images are not live. Another
/// process may extend the file; this object does not see that. Thread-safe.
class ImageIndex {
 public:
  /// Opens the file and reads names, but no embeddings. Throws Error(kModel) for a file that is missing, not
  /// an index, corrupt or, unless `incomplete`, unfinished.
  ImageIndex(const std::string& path, bool incomplete);
  ImageIndex(const ImageIndex&) = delete;
  ImageIndex& operator=(const ImageIndex&) = delete;
  ~ImageIndex();

  const std::string& path() const;
  const IndexKey& key() const;
  size_t rows() const;
  size_t live_rows() const;
  bool is_live(size_t row) const;
  /// Whether the last update was completed.
  bool is_complete() const;
  std::string_view image_path(size_t row) const;
  IndexedImage image(size_t row) const;
  /// The 16-bit floats of a row, [D]. Throws Error(kModel) if the row is corrupt.
  const uint16_t* halves(size_t row) const;
  /// Copies the unit embedding of a row to `to` [D]. Throws Error(kModel) if it is corrupt.
  void copy_embedding(size_t row, float* to) const;

  /// Internals of the module.
  struct State;
  const State& state() const { return *state_; }

 private:
  std::unique_ptr<const State> state_;
};

/// The index that covers `folder`: its own, or that of the nearest parent. Throws Error(kModel) if there is
/// none.
std::string find_index(const std::string& folder);

}  // namespace kiloword
