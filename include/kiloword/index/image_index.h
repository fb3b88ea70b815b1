#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "kiloword/batch/batch_input.h"

namespace kiloword {

/// The subject of an index. Embeddings of indexes with different keys cannot be compared.
struct IndexKey {
  std::string model;        ///< its name, as the user gave it
  std::string fingerprint;  ///< ImageTextEncoder::fingerprint()
  std::string decoding;     ///< how images are decoded, in words of the writer's own
  std::string root;         ///< absolute path of the folder that paths are below; empty: the index file's own
  size_t dim = 0;
};

/// The content of a file, 128 bits.
struct ContentHash {
  uint64_t first = 0;
  uint64_t second = 0;

  bool operator==(const ContentHash& other) const { return first == other.first && second == other.second; }
};

ContentHash content_hash(std::string_view bytes);

/// An image of an index.
struct IndexedImage {
  std::string path;  ///< below the root
  FileStamp stamp;
  ContentHash content;
};

/// The name of an index in the folder whose images it covers.
constexpr std::string_view kIndexName = ".kiloword-index";

/// An index file, mapped and read-only: embeddings of images as 16-bit floats, with 8-bit codes to scan. Rows
/// are numbered in the order of the file; those of deleted or replaced images are not live. It may
/// be extended by another process meanwhile, which changes nothing here. May be used from several threads.
class ImageIndex {
 public:
  /// Opens the file; reads names, no embeddings. Throws Error(kModel) for what is not there, is no index, is
  /// damaged, or, unless `incomplete`, was not finished.
  ImageIndex(const std::string& path, bool incomplete);
  ImageIndex(const ImageIndex&) = delete;
  ImageIndex& operator=(const ImageIndex&) = delete;
  ~ImageIndex();

  const std::string& path() const;
  const IndexKey& key() const;
  size_t rows() const;
  size_t live_rows() const;
  bool is_live(size_t row) const;
  /// Whether the last update reached its end.
  bool is_complete() const;
  std::string_view image_path(size_t row) const;
  IndexedImage image(size_t row) const;
  /// Throws Error(kModel) where the row is damaged.
  const uint16_t* halves(size_t row) const;
  /// Copies the embedding of a row, of unit length, to `to` [D]. Throws Error(kModel) where it is damaged.
  void copy_embedding(size_t row, float* to) const;

  /// Its parts, for the module's own sources.
  struct State;
  const State& state() const { return *state_; }

 private:
  std::unique_ptr<const State> state_;
};

/// The index for `folder`: its own, or that of the nearest folder above. Throws Error(kModel) where there is
/// none.
std::string find_index(const std::string& folder);

}  // namespace kiloword
