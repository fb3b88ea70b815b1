#include "kiloword/pipeline/prepared_image.h"

#include <chrono>
#include <new>

#include "kiloword/image/decode.h"
#include "kiloword/image/preprocess.h"
#include "kiloword/image/probe.h"
#include "kiloword/image/written_text.h"
#include "kiloword/pipeline/image_bytes.h"

namespace kiloword {
namespace {

/// What the pixels of the image file `bytes` take at most while they are decoded (see DecodeLimits); nothing
/// of a file that decoding will refuse.
uint64_t decoding_bytes(std::string_view bytes) {
  constexpr uint64_t kBytesPerPixel = 6;
  try {
    const ImageHeader header = probe_image(bytes);
    return kBytesPerPixel * static_cast<uint64_t>(header.width) * static_cast<uint64_t>(header.height);
  } catch (const Error&) {
    return 0;
  }
}

/// Prepares the image whose file content `read` gives; whatever that throws is reported as well.
template <typename Read>
PreparedImage prepare(const std::string& path, const PreprocessSpec& spec, const DecodeLimits& limits,
                      const Writing& writing, const ReserveMemory& reserve, Read read) {
  const auto start = std::chrono::steady_clock::now();
  PreparedImage prepared;
  prepared.path = path;
  try {
    const std::string_view bytes = read();
    if (reserve) reserve(decoding_bytes(bytes));
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
                            const Writing& writing, const ReserveMemory& reserve) {
  std::string bytes;
  return prepare(path, spec, limits, writing, reserve,
                 [&] { return std::string_view(bytes = read_image_bytes(path)); });
}

PreparedImage prepare_image_bytes(const std::string& path, std::string_view bytes, const PreprocessSpec& spec,
                                  const DecodeLimits& limits, const Writing& writing,
                                  const ReserveMemory& reserve) {
  return prepare(path, spec, limits, writing, reserve, [&] { return bytes; });
}

PreparedImage prepare_input(const ImageInput& input, const PreprocessSpec& spec, const DecodeLimits& limits,
                            const Writing& writing, const ReserveMemory& reserve) {
  if (input.error) {
    PreparedImage failed;
    failed.path = input.path;
    failed.error = input.error;
    return failed;
  }
  return input.bytes ? prepare_image_bytes(input.path, *input.bytes, spec, limits, writing, reserve)
                     : prepare_image(input.path, spec, limits, writing, reserve);
}

}  // namespace kiloword
