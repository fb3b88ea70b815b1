#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/image/decode_limits.h"
#include "kiloword/image/read_text.h"
#include "kiloword/image/video.h"
#include "kiloword/model/preprocess_spec.h"
#include "kiloword/pipeline/pixel_facts.h"

namespace kiloword {

/// How inputs are prepared beyond decoding: the treatment of text in images, which CLIP networks tend to
/// read, and the kinds of input besides image files.
struct PrepareOptions {
  bool also_painted_over = false;                      ///< also prepare the image with its text painted over
  std::shared_ptr<const TextReader> reader = nullptr;  ///< reads text; null: text is not read
  bool videos = false;                                 ///< whether videos are inputs
  FrameChoice frames;                                  ///< of videos and, on request, of animations
  /// Fetches an input that is a URL (see is_image_url); empty: all inputs are files.
  std::function<std::string(const std::string& url)> fetch = nullptr;
  /// A second network to prepare inputs for (PreparedImage::other); null: none.
  std::shared_ptr<const PreprocessSpec> also_for = nullptr;
};

/// A frame of a video or an animation.
struct PreparedFrame {
  double time_s = 0;
  std::vector<float> pixels;  ///< [3, H, W], normalised
  PictureSize size;           ///< W x H
};

/// Called before an image is decoded, with the maximum size of its pixels in bytes; may block until they are
/// available.
using ReserveMemory = std::function<void(uint64_t bytes)>;

/// An image to read.
struct ImageInput {
  std::string path;                  ///< "-" is standard input
  std::optional<std::string> bytes;  ///< the file's content, if already known
  std::optional<Error> error;        ///< set if the input cannot be read
};

/// An input prepared for the network: its pixels, or an error.
struct PreparedImage {
  std::string path;  ///< as the user gave it; "-" is standard input
  std::optional<Error> error;
  int width = 0;                      ///< of the full image, after EXIF rotation
  int height = 0;                     ///< likewise
  std::vector<float> pixels;          ///< [3, H, W], normalised; empty if there are frames
  PictureSize size;                   ///< W x H, as the network sees it
  PixelFacts pixel_facts;             ///< of `pixels`
  std::vector<PreparedFrame> frames;  ///< of a video or an animation; empty: a still image
  /// The same with the image's text painted over; empty if there is none, or it was not searched for.
  std::vector<float> pixels_without_text;
  std::vector<ReadLine> text;  ///< text in the image, if it was read
  std::string content;         ///< of the file, if prepared by a server; else empty
  /// The same input, only pixels or frames, prepared for PrepareOptions::also_for; null if that is null.
  std::shared_ptr<const PreparedImage> other = nullptr;
  double ms = 0;  ///< time for reading, decoding and resizing
};

/// Reads, decodes and preprocesses the image at `path`. Any problem with it is reported in `error`.
PreparedImage prepare_image(const std::string& path, const PreprocessSpec& spec, const DecodeLimits& limits,
                            const PrepareOptions& options = {}, const ReserveMemory& reserve = {});

/// The same for an image with the file content `bytes`; `path` is its name.
PreparedImage prepare_image_bytes(const std::string& path, std::string_view bytes, const PreprocessSpec& spec,
                                  const DecodeLimits& limits, const PrepareOptions& options = {},
                                  const ReserveMemory& reserve = {});

/// The same for either.
PreparedImage prepare_input(const ImageInput& input, const PreprocessSpec& spec, const DecodeLimits& limits,
                            const PrepareOptions& options = {}, const ReserveMemory& reserve = {});

}  // namespace kiloword
