#include "cli/input/searched_index.h"

#include <filesystem>

#include "kiloword/base/error.h"

namespace kiloword::cli {
namespace {

namespace fs = std::filesystem;

/// What the paths below `folder` begin with in an index of `root`.
std::string prefix_of(const std::string& folder, const std::string& root) {
  if (folder.empty()) return "";
  const fs::path relative =
      fs::weakly_canonical(folder).lexically_relative(fs::weakly_canonical(root.empty() ? "." : root));
  if (relative == ".") return "";
  if (relative.empty() || *relative.begin() == "..") {
    throw Error(ErrorKind::kUsage, "the index is of another folder", folder,
                "name one below it, or another --index");
  }
  return (relative / "").string();
}

}  // namespace

SearchedIndex::SearchedIndex(const IndexChoice& choice) {
  const std::string file = choice.index_file.empty() ? find_index(choice.folder) : choice.index_file;
  index_ = std::make_unique<const ImageIndex>(file, choice.incomplete);
  root_ = index_->key().root.empty() ? fs::path(file).parent_path().string() : index_->key().root;
  prefix_ = prefix_of(choice.folder, root_);
}

std::function<bool(std::string_view)> SearchedIndex::accepts() const {
  if (prefix_.empty()) return nullptr;
  return [prefix = prefix_](std::string_view path) { return path.substr(0, prefix.size()) == prefix; };
}

std::string SearchedIndex::shown(std::string_view path) const {
  return root_.empty() ? std::string(path) : (fs::path(root_) / path).string();
}

bool SearchedIndex::is_there(std::string_view path) const {
  std::error_code ignored;
  const std::string file = shown(path);
  if (fs::exists(file, ignored)) return true;
  const size_t member = file.find('!');
  return member != std::string::npos && fs::exists(file.substr(0, member), ignored);
}

}  // namespace kiloword::cli
