#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/commands/commands.h"
#include "cli/output/output.h"
#include "kiloword/base/utf8.h"
#include "kiloword/index/nearest.h"
#include "kiloword/search/searched_index.h"

namespace kiloword::cli {
namespace {

std::string group_json(const std::vector<std::string>& paths, float least_cosine) {
  nlohmann::ordered_json json;
  json["schema"] = 1;
  for (const std::string& path : paths) json["paths"].push_back(to_valid_utf8(path));
  json["least_cosine"] = std::round(static_cast<double>(least_cosine) * 1e4) / 1e4;
  return json.dump() + "\n";
}

/// Groups of lines with an empty one behind each; with NUL bytes, an empty path.
std::string group_text(const std::vector<std::string>& paths, bool ends_with_nul) {
  std::string text;
  for (const std::string& path : paths) {
    text += ends_with_nul ? path : printable(path);
    text += ends_with_nul ? '\0' : '\n';
  }
  return text + (ends_with_nul ? '\0' : '\n');
}

}  // namespace

int run_duplicates(const DuplicatesArguments& arguments, Console& console) {
  const IndexChoice& choice = arguments.index;
  const SearchedIndex searched(
      arguments.index_file.empty() ? find_index(choice.folder) : arguments.index_file, choice.incomplete);
  const ImageIndex& index = searched.index();
  const std::string prefix = searched.require_prefix_of(choice.folder);
  NearestOptions options;
  options.min_cosine = static_cast<float>(arguments.min_cosine);
  options.threads = arguments.threads;
  options.accepts = [&](size_t row) {
    const std::string_view path = index.image_path(row);
    return path.substr(0, prefix.size()) == prefix && searched.is_there(path);
  };
  const auto groups = duplicates(index, options, [&](size_t done) {
    console.progress("comparing images", static_cast<int64_t>(done), static_cast<int64_t>(index.rows()));
  });
  console.progress_ended();
  size_t more = 0;
  for (const DuplicateGroup& group : groups) {
    std::vector<std::string> paths;
    for (const size_t row : group.rows) paths.push_back(searched.shown(index.image_path(row)));
    more += paths.size() - 1;
    write_text(choice.format == Format::kJson ? group_json(paths, group.least_cosine)
                                              : group_text(paths, choice.ends_with_nul));
  }
  console.note("groups of near-duplicates: " + std::to_string(groups.size()) +
               "; images after the first of each: " + std::to_string(more));
  return 0;
}

}  // namespace kiloword::cli
