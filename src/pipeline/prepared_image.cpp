#include "kiloword/pipeline/prepared_image.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <new>
#include <optional>
#include <utility>

#include "kiloword/base/descriptor.h"
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

struct Preparation {
  const PreprocessSpec& spec;
  const DecodeLimits& limits;
  const PrepareOptions& options;
  const ReserveMemory& reserve;
};

/// The pixels of the image file `bytes` as the network of `spec` alone would get them.
PreparedImage prepare_pixels(std::string_view bytes, const PreprocessSpec& spec, const DecodeLimits& limits) {
  const DecodedImage decoded = decode_for_model(bytes, spec, limits);
  PreparedImage prepared;
  prepared.pixels = preprocess(decoded, spec);
  prepared.size = fitted_size({decoded.full_width, decoded.full_height}, spec);
  return prepared;
}

void prepare_still(std::string_view bytes, const Preparation& how, PreparedImage& prepared) {
  if (how.reserve) how.reserve(decoding_bytes(bytes));
  const DecodedImage decoded = decode_for_model(bytes, how.spec, how.limits);
  prepared.width = decoded.full_width;
  prepared.height = decoded.full_height;
  prepared.pixels = preprocess(decoded, how.spec);
  prepared.size = fitted_size({prepared.width, prepared.height}, how.spec);
  prepared.pixel_facts = pixel_facts(prepared.pixels, prepared.size, how.spec);
  if (how.options.reader) {
    PreprocessSpec larger;
    larger.size_px = kReadingSide / kLeastDecodedRatio;
    prepared.text =
        how.options.reader->read(decoded, [&] { return decode_for_model(bytes, larger, how.limits); });
  }
  if (how.options.also_painted_over) {
    if (const auto without_text = paint_over_text(decoded, how.spec)) {
      prepared.pixels_without_text.resize(prepared.pixels.size());
      normalize(*without_text, how.spec, prepared.pixels_without_text.data());
    }
  }
}

std::vector<PreparedFrame> frames_for(const PreprocessSpec& spec, const std::vector<VideoFrame>& frames) {
  std::vector<PreparedFrame> prepared;
  for (const VideoFrame& frame : frames) {
    const PictureSize full{frame.picture.full_width, frame.picture.full_height};
    prepared.push_back({frame.time_s, preprocess(frame.picture, spec), fitted_size(full, spec)});
  }
  return prepared;
}

void prepare_frames(const std::vector<VideoFrame>& frames, const Preparation& how, PreparedImage& prepared) {
  prepared.width = frames.front().picture.full_width;
  prepared.height = frames.front().picture.full_height;
  prepared.frames = frames_for(how.spec, frames);
  if (!how.options.also_for) return;
  PreparedImage other;
  other.frames = frames_for(*how.options.also_for, frames);
  prepared.other = std::make_shared<const PreparedImage>(std::move(other));
}

/// Whether a file that begins like `start` is looked at frame by frame.
bool has_frames(std::string_view start, const PrepareOptions& options) {
  return options.videos && (is_video(start) || (options.frames.is_asked_for() && is_animation(start)));
}

void prepare_content(std::string_view bytes, const Preparation& how, PreparedImage& prepared) {
  if (has_frames(bytes.substr(0, kSignatureBytes), how.options)) {
    return prepare_frames(read_frames(bytes, how.options.frames, how.limits), how, prepared);
  }
  prepare_still(bytes, how, prepared);
  if (how.options.also_for) {  // now that the first one's pixels are gone
    prepared.other =
        std::make_shared<const PreparedImage>(prepare_pixels(bytes, *how.options.also_for, how.limits));
  }
}

/// The open file at `path`, if it is a video or an animation whose frames are wanted.
std::optional<Descriptor> open_frames(const std::string& path, const PrepareOptions& options) {
  if (!options.videos || path == "-") return std::nullopt;
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::array<char, kSignatureBytes> start{};
  const ssize_t count = file.get() < 0 ? 0 : ::pread(file.get(), start.data(), start.size(), 0);
  const std::string_view begin(start.data(), static_cast<size_t>(std::max<ssize_t>(count, 0)));
  if (!has_frames(begin, options) || is_animated_webp(begin)) return std::nullopt;
  return file;
}

void prepare_file(const std::string& path, const Preparation& how, PreparedImage& prepared) {
  if (how.options.fetch && is_image_url(path)) return prepare_content(how.options.fetch(path), how, prepared);
  if (const auto file = open_frames(path, how.options)) {
    return prepare_frames(read_frames(file->get(), how.options.frames, how.limits), how, prepared);
  }
  prepare_content(read_image_bytes(path, how.options.videos), how, prepared);
}

/// Runs `work` on a new PreparedImage; whatever it throws is reported in that.
template <typename Work>
PreparedImage prepare(const std::string& path, Work work) {
  const auto start = std::chrono::steady_clock::now();
  PreparedImage prepared;
  prepared.path = path;
  try {
    work(prepared);
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
                            const PrepareOptions& options, const ReserveMemory& reserve) {
  return prepare(path, [&](PreparedImage& prepared) {
    prepare_file(path, {spec, limits, options, reserve}, prepared);
  });
}

PreparedImage prepare_image_bytes(const std::string& path, std::string_view bytes, const PreprocessSpec& spec,
                                  const DecodeLimits& limits, const PrepareOptions& options,
                                  const ReserveMemory& reserve) {
  return prepare(path, [&](PreparedImage& prepared) {
    prepare_content(bytes, {spec, limits, options, reserve}, prepared);
  });
}

PreparedImage prepare_input(const ImageInput& input, const PreprocessSpec& spec, const DecodeLimits& limits,
                            const PrepareOptions& options, const ReserveMemory& reserve) {
  if (input.error) {
    PreparedImage failed;
    failed.path = input.path;
    failed.error = input.error;
    return failed;
  }
  return input.bytes ? prepare_image_bytes(input.path, *input.bytes, spec, limits, options, reserve)
                     : prepare_image(input.path, spec, limits, options, reserve);
}

}  // namespace kiloword
