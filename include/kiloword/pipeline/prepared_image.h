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

/// How inputs are prepared beyond decoding: the handling of text in an image, which a CLIP network reads as
/// it looks, and the kinds of input beside image files.
struct PrepareOptions {
  bool also_painted_over = false;  ///< the image is prepared a second time, without words in it
  std::shared_ptr<const TextReader> reader = nullptr;  ///< reads words; none: nothing is read
  bool videos = false;                                 ///< whether videos are inputs
  FrameChoice frames;                                  ///< of videos, and of animations on request
  /// Fetches an input that is an address (see is_image_url); none: inputs are files.
  std::function<std::string(const std::string& url)> fetch = nullptr;
  /// A second network, for which inputs are prepared too (PreparedImage::other); null: none.
  std::shared_ptr<const PreprocessSpec> also_for = nullptr;
};

/// A frame of a video or an animation.
struct PreparedFrame {
  double time_s = 0;
  std::vector<float> pixels;  ///< [3, H, W], normalised
  PictureSize size;           ///< W x H
};

/// Called before an image is decoded, with the bytes that its pixels may take; may wait for them.
using ReserveMemory = std::function<void(uint64_t bytes)>;

/// An image that is to be read.
struct ImageInput {
  std::string path;                  ///< "-" is standard input
  std::optional<std::string> bytes;  ///< the file's content, where it is known already
  std::optional<Error> error;        ///< why there is nothing to read
};

/// One input on its way to the network: its pixels, or why there are none.
struct PreparedImage {
  std::string path;  ///< as the user gave it; "-" is standard input
  std::optional<Error> error;
  int width = 0;                      ///< of the full image, EXIF rotation applied
  int height = 0;                     ///< likewise
  std::vector<float> pixels;          ///< [3, H, W], normalised; none where there are frames
  PictureSize size;                   ///< W x H, as the network sees it
  PixelFacts pixel_facts;             ///< of `pixels`
  std::vector<PreparedFrame> frames;  ///< of a video or an animation; empty: a still image
  /// The same without words in the image; empty where there are none, or they were not searched.
  std::vector<float> pixels_without_text;
  std::vector<ReadLine> text;  ///< words in the image, where they were read
  std::string content;         ///< of the file, where a server prepares it; else empty
  /// The same input, its pixels or frames alone, prepared for PrepareOptions::also_for; null without one.
  std::shared_ptr<const PreparedImage> other = nullptr;
  double ms = 0;  ///< spent on reading, decoding and resizing
};

/// Reads, decodes and preprocesses the image at `path`. Whatever is wrong with it is reported in `error`.
PreparedImage prepare_image(const std::string& path, const PreprocessSpec& spec, const DecodeLimits& limits,
                            const PrepareOptions& options = {}, const ReserveMemory& reserve = {});

/// The same for an image whose file content is `bytes`; `path` is its name.
PreparedImage prepare_image_bytes(const std::string& path, std::string_view bytes, const PreprocessSpec& spec,
                                  const DecodeLimits& limits, const PrepareOptions& options = {},
                                  const ReserveMemory& reserve = {});

/// The same for either.
PreparedImage prepare_input(const ImageInput& input, const PreprocessSpec& spec, const DecodeLimits& limits,
                            const PrepareOptions& options = {}, const ReserveMemory& reserve = {});

}  // namespace kiloword
