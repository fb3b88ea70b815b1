#include "kiloword/search/searched_index.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "kiloword/base/error.h"

namespace kiloword {

namespace fs = std::filesystem;

std::string index_file_of(const std::string& place) {
  std::error_code ignored;
  return fs::is_directory(place, ignored) ? (fs::path(place) / kIndexName).string() : place;
}

SearchedIndex::SearchedIndex(const std::string& file, bool incomplete)
    : index_(std::make_unique<const ImageIndex>(file, incomplete)),
      root_(index_->key().root.empty() ? fs::path(file).parent_path().string() : index_->key().root) {}

std::optional<std::string> SearchedIndex::prefix_of(const std::string& folder) const {
  if (folder.empty()) return "";
  const fs::path relative =
      fs::weakly_canonical(folder).lexically_relative(fs::weakly_canonical(root_.empty() ? "." : root_));
  if (relative == ".") return "";
  if (relative.empty() || *relative.begin() == "..") return std::nullopt;
  return (relative / "").string();
}

std::string SearchedIndex::require_prefix_of(const std::string& folder) const {
  if (std::optional<std::string> prefix = prefix_of(folder)) return std::move(*prefix);
  throw Error(ErrorKind::kUsage, "the index belongs to another folder", folder,
              "name one below it, or another --index");
}

std::string SearchedIndex::shown(std::string_view path) const {
  return root_.empty() ? std::string(path) : (fs::path(root_) / path).string();
}

bool SearchedIndex::is_inside(std::string_view path) {
  const fs::path parts(path);
  return parts.is_relative() && std::find(parts.begin(), parts.end(), "..") == parts.end();
}

bool SearchedIndex::is_there(std::string_view path) const {
  std::error_code ignored;
  const std::string file = shown(path);
  if (fs::exists(file, ignored)) return true;
  const size_t member = file.find('!');
  return member != std::string::npos && fs::exists(file.substr(0, member), ignored);
}

}  // namespace kiloword
