#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cli/parser/options.h"
#include "kiloword/index/image_index.h"

namespace kiloword::cli {

/// An index that a command looks into.
class SearchedIndex {
 public:
  /// Throws Error(kModel) where there is no index that can be used, Error(kUsage) for a folder that is not in
  /// it.
  explicit SearchedIndex(const IndexChoice& choice);

  const ImageIndex& index() const { return *index_; }
  /// Which paths are asked about; empty: all.
  std::function<bool(std::string_view path)> accepts() const;
  /// A path of the index as it can be opened from the current folder.
  std::string shown(std::string_view path) const;
  /// Whether the file, or the archive that it is a member of, is still there.
  bool is_there(std::string_view path) const;

 private:
  std::unique_ptr<const ImageIndex> index_;
  std::string root_;    ///< empty: the current folder
  std::string prefix_;  ///< of the paths asked about
};

}  // namespace kiloword::cli
