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
  uint64_t added = 0;    ///< new or changed images
  uint64_t known = 0;    ///< of these, images whose content was already indexed under another name
  uint64_t kept = 0;     ///< unchanged images
  uint64_t dropped = 0;  ///< deleted images
};

/// Updates an index. Only one process at a time can write it. The file is append-only, so that a kill at any
/// moment costs only rows since the last flush(), and others can read it meanwhile. Once a quarter of the
/// rows are not live, the file is rewritten and replaced atomically. keep() is for one thread; find() and
/// add() are thread-safe.
class IndexWriter {
 public:
  /// Opens or creates the file. Removes an incomplete block that an interrupted update left at the end, and
  /// drops corrupt rows. `overwrite` replaces any existing file. Throws Error(kOutput) if the file cannot be
  /// written or another process is writing it, Error(kModel) if it is not an index, or has another key.
  IndexWriter(const std::string& path, IndexKey key, bool overwrite);
  IndexWriter(const IndexWriter&) = delete;
  IndexWriter& operator=(const IndexWriter&) = delete;
  ~IndexWriter();

  /// Whether the index contains this image unchanged. Call for every image.
  bool keep(const std::string& path, const FileStamp& stamp);
  /// The row of an image with this content, if any.
  std::optional<size_t> find(const ContentHash& content) const;
  /// Adds an image, replacing its earlier row.
  void add(const IndexedImage& image, const float* embedding);
  /// The same with the embedding of `row`.
  void add_known(const IndexedImage& image, size_t row);
  /// Writes the added rows. Throws Error(kOutput).
  void flush();
  /// Marks the index as finished. With `drops_gone`, images that keep() was not called for are deleted; pass
  /// false if some folders could not be listed.
  void finish(bool drops_gone = true);
  /// The counts so far; may be called from any thread.
  IndexUpdate update() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kiloword
