#include "kiloword/pipeline/prepared_image.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <exception>
#include <filesystem>
#include <future>
#include <system_error>

#include "kiloword/base/file.h"
#include "kiloword/image/preprocess.h"

namespace kiloword {
namespace {

/// No camera writes a gigabyte; what does is not a picture.
constexpr uint64_t kMaxFileBytes = uint64_t{1} << 30;

std::string read_image_bytes(const std::string& path) {
  if (path == "-") return read_descriptor(STDIN_FILENO, kMaxFileBytes, "standard input", ErrorKind::kInput);
  if (path.empty()) throw Error(ErrorKind::kInput, "empty path", "", "give an image file");
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw Error(ErrorKind::kInput, "is a directory", path, "caption all of its images with 'kiloword batch'");
  }
  return read_file(path, kMaxFileBytes, ErrorKind::kInput);
}

/// Prepares the image whose file content `read` gives; whatever that throws is reported as well.
template <typename Read>
PreparedImage prepare(const std::string& path, const PreprocessSpec& spec, const DecodeLimits& limits,
                      Read read) {
  const auto start = std::chrono::steady_clock::now();
  PreparedImage prepared;
  prepared.path = path;
  try {
    const DecodedImage decoded = decode_for_model(read(), spec, limits);
    prepared.width = decoded.full_width;
    prepared.height = decoded.full_height;
    prepared.pixels = preprocess(decoded, spec);
  } catch (const Error& error) {
    prepared.error = error.at(path == "-" ? "standard input" : path);
  } catch (const std::bad_alloc&) {
    prepared.error = Error(ErrorKind::kInput, "not enough memory to decode", path, "lower --max-pixels");
  }
  prepared.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return prepared;
}

}  // namespace

PreparedImage prepare_image(const std::string& path, const PreprocessSpec& spec, const DecodeLimits& limits) {
  std::string bytes;
  return prepare(path, spec, limits, [&] { return std::string_view(bytes = read_image_bytes(path)); });
}

PreparedImage prepare_image_bytes(const std::string& path, std::string_view bytes, const PreprocessSpec& spec,
                                  const DecodeLimits& limits) {
  return prepare(path, spec, limits, [&] { return bytes; });
}

void for_each_prepared_image(const std::vector<std::string>& paths, const PreprocessSpec& spec,
                             const DecodeLimits& limits, int threads,
                             const std::function<void(const PreparedImage&)>& use) {
  const size_t window = static_cast<size_t>(std::max(threads, 1));
  std::deque<std::future<PreparedImage>> ahead;  // a future of std::async waits for its task when it goes
  size_t next = 0;
  while (next < paths.size() || !ahead.empty()) {
    while (next < paths.size() && ahead.size() < window) {
      ahead.push_back(std::async(std::launch::async, prepare_image, paths[next++], spec, limits));
    }
    const PreparedImage prepared = ahead.front().get();
    ahead.pop_front();
    if (next < paths.size()) {  // keep the decoders busy while `use` runs
      ahead.push_back(std::async(std::launch::async, prepare_image, paths[next++], spec, limits));
    }
    use(prepared);
  }
}

}  // namespace kiloword
