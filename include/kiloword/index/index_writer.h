#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/index/image_index.h"

namespace kiloword {

/// The result of an update.
struct IndexUpdate {
  uint64_t added = 0;    ///< images that are new, or have changed
  uint64_t known = 0;    ///< of these, whose content the index had under another name
  uint64_t kept = 0;     ///< images that are as they were
  uint64_t dropped = 0;  ///< deleted images
};

/// Brings an index up to date. One process at a time writes an index; it is only appended to, so that a kill
/// at any moment costs the rows since the last flush(), and others go on reading. Where a quarter of the rows
/// is not live, the file is written anew and replaced in one step. keep() is for one thread; find() and add()
/// for several.
class IndexWriter {
 public:
  /// Opens or makes the file. What an update that was stopped left unfinished at the end is cut off, and
  /// damaged rows are dropped. `overwrite`: whatever is there is replaced. Throws Error(kOutput) where it
  /// cannot be written or another process writes it, Error(kModel) for what is no index, or one with another
  /// key.
  IndexWriter(const std::string& path, IndexKey key, bool overwrite);
  IndexWriter(const IndexWriter&) = delete;
  IndexWriter& operator=(const IndexWriter&) = delete;
  ~IndexWriter();

  /// Whether the index has this image as it is; to be called for every image.
  bool keep(const std::string& path, const FileStamp& stamp);
  /// The row of an image with this content, if there is one.
  std::optional<size_t> find(const ContentHash& content) const;
  /// Adds an image, in place of its earlier row.
  void add(const IndexedImage& image, const float* embedding);
  /// The same with the embedding of `row`.
  void add_known(const IndexedImage& image, size_t row);
  /// Writes the added rows. Throws Error(kOutput).
  void flush();
  /// Marks the index as finished. `drops_gone`: images that keep() was not called for are deleted; else,
  /// where not every folder could be listed, they stay.
  void finish(bool drops_gone = true);
  /// So far; may be called from any thread.
  IndexUpdate update() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kiloword
