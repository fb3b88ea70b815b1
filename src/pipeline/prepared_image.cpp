#include "kiloword/pipeline/prepared_image.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <new>
#include <optional>

#include "kiloword/base/ahead.h"
#include "kiloword/base/descriptor.h"
#include "kiloword/image/preprocess.h"
#include "kiloword/image/probe.h"
#include "kiloword/image/written_text.h"
#include "kiloword/pipeline/image_bytes.h"

namespace kiloword {
namespace {

void prepare_still(std::string_view bytes, const PreprocessSpec& spec, const DecodeLimits& limits,
                   const Preparation& preparation, PreparedImage& prepared) {
  const DecodedImage decoded = decode_for_model(bytes, spec, limits);
  prepared.width = decoded.full_width;
  prepared.height = decoded.full_height;
  prepared.pixels = preprocess(decoded, spec);
  if (preparation.reader) {
    PreprocessSpec larger;
    larger.size_px = kReadingSide / kLeastDecodedRatio;
    prepared.text =
        preparation.reader->read(decoded, [&] { return decode_for_model(bytes, larger, limits); });
  }
  if (preparation.also_painted_over) {
    if (const auto without_text = paint_over_text(decoded, spec)) {
      prepared.pixels_without_text.resize(prepared.pixels.size());
      normalize(*without_text, spec, prepared.pixels_without_text.data());
    }
  }
}

void prepare_frames(const std::vector<VideoFrame>& frames, const PreprocessSpec& spec,
                    PreparedImage& prepared) {
  prepared.width = frames.front().picture.full_width;
  prepared.height = frames.front().picture.full_height;
  for (const VideoFrame& frame : frames) {
    prepared.frames.push_back({frame.time_s, preprocess(frame.picture, spec)});
  }
  prepared.pixels = prepared.frames.front().pixels;
}

/// Whether a file that begins like `start` is looked at frame by frame.
bool has_frames(std::string_view start, const Preparation& preparation) {
  return preparation.videos &&
         (is_video(start) || (preparation.frames.is_asked_for() && is_animation(start)));
}

void prepare_content(std::string_view bytes, const PreprocessSpec& spec, const DecodeLimits& limits,
                     const Preparation& preparation, PreparedImage& prepared) {
  if (has_frames(bytes.substr(0, kSignatureBytes), preparation)) {
    return prepare_frames(read_frames(bytes, preparation.frames, limits), spec, prepared);
  }
  prepare_still(bytes, spec, limits, preparation, prepared);
}

/// The open file at `path`, if it is a video or an animation whose frames are wanted.
std::optional<Descriptor> open_frames(const std::string& path, const Preparation& preparation) {
  if (!preparation.videos || path == "-") return std::nullopt;
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::array<char, kSignatureBytes> start{};
  const ssize_t count = file.get() < 0 ? 0 : ::pread(file.get(), start.data(), start.size(), 0);
  if (count <= 0 || !has_frames({start.data(), static_cast<size_t>(count)}, preparation)) return std::nullopt;
  return file;
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
                            const Preparation& preparation) {
  if (preparation.fetch && is_image_url(path)) {
    return prepare(path, [&](PreparedImage& prepared) {
      prepare_content(preparation.fetch(path), spec, limits, preparation, prepared);
    });
  }
  return prepare(path, [&](PreparedImage& prepared) {
    if (const auto file = open_frames(path, preparation)) {
      return prepare_frames(read_frames(file->get(), preparation.frames, limits), spec, prepared);
    }
    prepare_content(read_image_bytes(path, preparation.videos), spec, limits, preparation, prepared);
  });
}

PreparedImage prepare_image_bytes(const std::string& path, std::string_view bytes, const PreprocessSpec& spec,
                                  const DecodeLimits& limits, const Preparation& preparation) {
  return prepare(
      path, [&](PreparedImage& prepared) { prepare_content(bytes, spec, limits, preparation, prepared); });
}

void for_each_prepared_image(const std::vector<std::string>& paths, const PreprocessSpec& spec,
                             const DecodeLimits& limits, int threads,
                             const std::function<void(const PreparedImage&)>& use,
                             const Preparation& preparation) {
  for_each_made_ahead(
      paths, static_cast<size_t>(std::max(threads, 1)),
      [&](const std::string& path) { return prepare_image(path, spec, limits, preparation); }, use);
}

}  // namespace kiloword
