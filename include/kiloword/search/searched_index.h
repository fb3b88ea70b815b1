#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kiloword/index/image_index.h"

namespace kiloword {

/// The index file of `place`: the file itself or, for a folder, the index in it.
std::string index_file_of(const std::string& place);

/// An index to search.
class SearchedIndex {
 public:
  /// Opens the index `file`. Throws Error(kModel) if it is missing or unusable or, unless `incomplete`,
  /// unfinished.
  SearchedIndex(const std::string& file, bool incomplete);

  const ImageIndex& index() const { return *index_; }
  /// The prefix of the index's paths for images in `folder` and below it; empty: all, as for an empty
  /// `folder`. None if the index does not cover `folder`.
  std::optional<std::string> prefix_of(const std::string& folder) const;
  /// The same, but throws Error(kUsage) if the index does not cover `folder`.
  std::string require_prefix_of(const std::string& folder) const;
  /// A path of the index, made relative to the current folder or absolute, so that it can be opened.
  std::string shown(std::string_view path) const;
  /// Whether a path of the index stays inside its folder; indexes are untrusted.
  static bool is_inside(std::string_view path);
  /// Whether the file, or the archive that contains it, still exists.
  bool is_there(std::string_view path) const;

 private:
  std::unique_ptr<const ImageIndex> index_;
  std::string root_;  // empty: the current folder
};

}  // namespace kiloword
