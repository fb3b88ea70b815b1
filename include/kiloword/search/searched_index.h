#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kiloword/index/image_index.h"

namespace kiloword {

/// The index file of `place`: itself or, of a folder, the index in it.
std::string index_file_of(const std::string& place);

/// An index that is searched.
class SearchedIndex {
 public:
  /// Opens the index `file`. Throws Error(kModel) where there is none that can be used, or, unless
  /// `incomplete`, one that was not finished.
  SearchedIndex(const std::string& file, bool incomplete);

  const ImageIndex& index() const { return *index_; }
  /// The prefix in the index of the paths of images in `folder` and below it; none if the index is of another
  /// folder. Empty: all; also for an empty `folder`.
  std::optional<std::string> prefix_of(const std::string& folder) const;
  /// The same; throws Error(kUsage) where the index is of another folder.
  std::string require_prefix_of(const std::string& folder) const;
  /// A path of the index as it can be opened from the current folder.
  std::string shown(std::string_view path) const;
  /// Whether a path of the index leads to nothing outside its folder: an index may come from elsewhere.
  static bool is_inside(std::string_view path);
  /// Whether the file, or the archive that it is a member of, is still there.
  bool is_there(std::string_view path) const;

 private:
  std::unique_ptr<const ImageIndex> index_;
  std::string root_;  // empty: the current folder
};

}  // namespace kiloword
