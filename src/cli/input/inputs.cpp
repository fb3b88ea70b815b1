#include "cli/input/inputs.h"

#include <algorithm>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/batch/path_list.h"
#include "kiloword/client/fetch_image.h"
#include "kiloword/pipeline/image_bytes.h"

namespace kiloword::cli {
namespace {

constexpr uint64_t kMaxListBytes = uint64_t{1} << 30;

void append_list(const std::string& file, char separator, std::vector<std::string>& paths) {
  PathList list(file, separator);
  uint64_t bytes = 0;
  while (auto path = list.next()) {
    bytes += path->size() + 1;
    if (bytes > kMaxListBytes) {
      throw Error(
          ErrorKind::kInput,
          "not a list of images: larger than the limit of " + std::to_string(kMaxListBytes) + " bytes",
          file == "-" ? "standard input" : file, "caption this many with 'kiloword batch'");
    }
    paths.push_back(std::move(*path));
  }
}

}  // namespace

size_t require_inputs(const InputOptions& options) {
  if (options.inputs.empty() && options.files_from.empty() && options.files0_from.empty()) {
    throw Error(ErrorKind::kUsage, "no input", "",
                "give image files, '-' for an image on standard input, or a list with --files-from");
  }
  const auto stdin_uses = std::count(options.inputs.begin(), options.inputs.end(), "-") +
                          (options.files_from == "-" ? 1 : 0) + (options.files0_from == "-" ? 1 : 0);
  if (stdin_uses > 1) {
    throw Error(ErrorKind::kUsage, "standard input can be read only once", "",
                "use '-' for one input or list");
  }
  const bool has_list = !options.files_from.empty() || !options.files0_from.empty();
  return options.inputs.size() + (has_list ? 2 : 0);
}

bool shows_filenames(const InputOptions& options) {
  return options.with_filename.value_or(require_inputs(options) > 1);
}

std::vector<std::string> collect_inputs(const InputOptions& options) {
  require_inputs(options);
  std::vector<std::string> paths = options.inputs;
  if (!options.files_from.empty()) append_list(options.files_from, '\n', paths);
  if (!options.files0_from.empty()) append_list(options.files0_from, '\0', paths);
  if (paths.empty()) throw Error(ErrorKind::kInput, "no image found", "", "the list names none");
  return paths;
}

std::function<std::string(const std::string& url)> image_fetcher(const InputOptions& options) {
  FetchLimits limits;
  limits.allow_private = options.allow_private;
  return [limits](const std::string& url) { return fetch_image(url, limits); };
}

std::string input_content(const std::string& path, const InputOptions& options) {
  return is_image_url(path) ? image_fetcher(options)(path) : read_image_bytes(path);
}

}  // namespace kiloword::cli
