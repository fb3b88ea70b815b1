#include "kiloword/pipeline/image_bytes.h"

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <system_error>

#include "kiloword/base/ascii.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/image/probe.h"
#include "kiloword/image/video.h"

namespace kiloword {
namespace {

constexpr uint64_t kMaxFileBytes = uint64_t{1} << 30;

std::string read_bytes(const std::string& path, bool videos) {
  const StartCheck is_image{kSignatureBytes, [videos](std::string_view start) {
                              if (!videos || !is_video(start)) check_signature(start);
                            }};
  if (path == "-") {
    return read_descriptor(STDIN_FILENO, kMaxFileBytes, "standard input", ErrorKind::kInput, is_image);
  }
  if (path.empty()) throw Error(ErrorKind::kInput, "empty path", "", "give an image file");
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw Error(ErrorKind::kInput, "is a directory", path,
                "name its images, or a list of them with --files-from");
  }
  return read_file(path, kMaxFileBytes, ErrorKind::kInput, is_image);
}

}  // namespace

std::string read_image_bytes(const std::string& path, bool videos) {
  std::string bytes;
  try {
    bytes = read_bytes(path, videos);
  } catch (const Error& error) {
    throw error.at(input_name(path));
  }
  if (bytes.empty()) throw Error(ErrorKind::kInput, "empty file", input_name(path), "give an image file");
  return bytes;
}

bool is_image_url(const std::string& path) {
  const std::string start = ascii_lower(path.substr(0, 8));
  return start.rfind("http://", 0) == 0 || start == "https://";
}

std::string input_name(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

}  // namespace kiloword
