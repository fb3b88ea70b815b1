#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "index/index_block.h"
#include "kiloword/base/file.h"
#include "kiloword/index/image_index.h"

namespace kiloword {

/// A block of images, and the number of its first row.
struct ImageBlock {
  IndexBlock block;
  size_t first_row = 0;
};

/// The content of an index file, up to its last complete block.
struct ImageIndex::State {
  /// Throws Error(kModel) if the file is not an index.
  State(std::string name, MappedFile mapped) : path(std::move(name)), file(std::move(mapped)) { read(); }

  /// The block of a row, and the row's position in it.
  std::pair<const IndexBlock*, size_t> place(size_t row) const;
  /// Throws Error(kModel): the file is corrupt.
  [[noreturn]] void refuse_damaged() const;

  std::string path;
  MappedFile file;
  IndexKey key;
  std::vector<ImageBlock> blocks;
  std::vector<uint64_t> entries;  ///< offset in the file of each row's entry in its table
  std::vector<bool> live;         ///< [rows]
  size_t live_rows = 0;
  size_t whole_bytes = 0;    ///< end of the last complete block
  bool is_complete = false;  ///< whether that block is of kind kEnd

 private:
  void read();
  void read_about(const IndexBlock& block);
  bool read_images(const IndexBlock& block);
  bool read_dropped(const IndexBlock& block);
  void drop(uint64_t row);
};

/// An image's entry in its block's table, including the row that it replaces.
struct IndexEntry {
  std::string_view path;
  FileStamp stamp;
  ContentHash content;
  uint64_t replaces = 0;  ///< kReplacesNone: none
};
constexpr uint64_t kReplacesNone = ~uint64_t{0};

void put_entry(std::string& table, const IndexEntry& entry);
std::optional<IndexEntry> read_entry(TableReader& table);

/// The table of a block of BlockKind::kAbout.
std::string about_table(const IndexKey& key);

}  // namespace kiloword
