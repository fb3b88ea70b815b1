#include "cli/inputs.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword::cli {
namespace {

constexpr uint64_t kMaxListBytes = uint64_t{1} << 30;

std::string read_list(const std::string& file) {
  try {
    if (file == "-") return read_descriptor(STDIN_FILENO, kMaxListBytes, "standard input", ErrorKind::kInput);
    return read_file(file, kMaxListBytes, ErrorKind::kInput);
  } catch (const Error& error) {
    throw Error(error.kind(), "no list of images: " + error.message(), error.where(),
                "give a file that holds paths, or '-' for standard input");
  }
}

void append_list(const std::string& file, char separator, std::vector<std::string>& paths) {
  const std::string content = read_list(file);
  if (separator == '\n' && content.find('\0') != std::string::npos) {
    throw Error(ErrorKind::kInput, "a NUL byte in a list of lines", file == "-" ? "standard input" : file,
                "read paths that end in NUL bytes with --files0-from");
  }
  std::string_view rest = content;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(separator), rest.size());
    std::string_view path = rest.substr(0, end);
    if (separator == '\n' && !path.empty() && path.back() == '\r') path.remove_suffix(1);
    if (!path.empty()) paths.emplace_back(path);
    rest.remove_prefix(std::min(end + 1, rest.size()));
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

std::vector<std::string> collect_inputs(const InputOptions& options) {
  require_inputs(options);
  std::vector<std::string> paths = options.inputs;
  if (!options.files_from.empty()) append_list(options.files_from, '\n', paths);
  if (!options.files0_from.empty()) append_list(options.files0_from, '\0', paths);
  return paths;
}

}  // namespace kiloword::cli
