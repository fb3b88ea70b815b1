#include "kiloword/pipeline/prepared_image.h"

#include <algorithm>
#include <chrono>
#include <new>

#include "kiloword/base/ahead.h"
#include "kiloword/image/preprocess.h"
#include "kiloword/image/written_text.h"
#include "kiloword/pipeline/image_bytes.h"

namespace kiloword {
namespace {

/// Prepares the image whose file content `read` gives; whatever that throws is reported as well.
template <typename Read>
PreparedImage prepare(const std::string& path, const PreprocessSpec& spec, const DecodeLimits& limits,
                      const Writing& writing, Read read) {
  const auto start = std::chrono::steady_clock::now();
  PreparedImage prepared;
  prepared.path = path;
  try {
    const std::string_view bytes = read();
    const DecodedImage decoded = decode_for_model(bytes, spec, limits);
    prepared.width = decoded.full_width;
    prepared.height = decoded.full_height;
    prepared.pixels = preprocess(decoded, spec);
    if (writing.reader) {
      PreprocessSpec larger;
      larger.size_px = kReadingSide / kLeastDecodedRatio;
      prepared.text = writing.reader->read(decoded, [&] { return decode_for_model(bytes, larger, limits); });
    }
    if (writing.also_painted_over) {
      if (const auto without_text = paint_over_text(decoded, spec)) {
        prepared.pixels_without_text.resize(prepared.pixels.size());
        normalize(*without_text, spec, prepared.pixels_without_text.data());
      }
    }
  } catch (const Error& error) {
    prepared.error = error.at(input_name(path));
  } catch (const std::bad_alloc&) {
    prepared.error = Error(ErrorKind::kInput, "not enough memory to decode", path, "lower --max-pixels");
  }
  prepared.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return prepared;
}

}  // namespace

PreparedImage prepare_image(const std::string& path, const PreprocessSpec& spec, const DecodeLimits& limits,
                            const Writing& writing) {
  std::string bytes;
  return prepare(path, spec, limits, writing,
                 [&] { return std::string_view(bytes = read_image_bytes(path)); });
}

PreparedImage prepare_image_bytes(const std::string& path, std::string_view bytes, const PreprocessSpec& spec,
                                  const DecodeLimits& limits, const Writing& writing) {
  return prepare(path, spec, limits, writing, [&] { return bytes; });
}

void for_each_prepared_image(const std::vector<std::string>& paths, const PreprocessSpec& spec,
                             const DecodeLimits& limits, int threads,
                             const std::function<void(const PreparedImage&)>& use, const Writing& writing) {
  for_each_made_ahead(
      paths, static_cast<size_t>(std::max(threads, 1)),
      [&](const std::string& path) { return prepare_image(path, spec, limits, writing); }, use);
}

}  // namespace kiloword
