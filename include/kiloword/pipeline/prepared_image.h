#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/image/decode.h"
#include "kiloword/image/preprocess_spec.h"
#include "kiloword/image/read_text.h"
#include "kiloword/image/video.h"

namespace kiloword {

/// How inputs are prepared beside being decoded.
struct Preparation {
  bool also_painted_over = false;  ///< the picture is prepared a second time, without what is written in it
  std::shared_ptr<const TextReader> reader = nullptr;  ///< reads what is written; none: nothing is read
  bool videos = false;                                 ///< whether videos are inputs
  FrameChoice frames;                                  ///< of videos, and of animations where it is asked for
  /// Fetches an input that is an address (see is_image_url); none: inputs are files.
  std::function<std::string(const std::string& url)> fetch = nullptr;
};

/// A frame of a video or an animation.
struct PreparedFrame {
  double time_s = 0;
  std::vector<float> pixels;  ///< [3, S, S], normalised
};

/// One input on its way to the network: its pixels, or why there are none.
struct PreparedImage {
  std::string path;  ///< as the user gave it; "-" is standard input
  std::optional<Error> error;
  int width = 0;                      ///< of the full picture, EXIF rotation applied
  int height = 0;                     ///< likewise
  std::vector<float> pixels;          ///< [3, S, S], normalised; of frames the first
  std::vector<PreparedFrame> frames;  ///< of a video or an animation; empty: a still image
  /// The same without what is written in the picture; empty where nothing is, or it was not looked for.
  std::vector<float> pixels_without_text;
  std::vector<ReadLine> text;  ///< what is written in the picture, where it was read
  std::string content;         ///< of the file, where a server prepares it; else empty
  double ms = 0;               ///< spent on reading, decoding and resizing
};

/// Reads, decodes and preprocesses the image at `path`. Whatever is wrong with it is reported in `error`.
PreparedImage prepare_image(const std::string& path, const PreprocessSpec& spec, const DecodeLimits& limits,
                            const Preparation& preparation = {});

/// The same for an image whose file content is `bytes`; `path` is what it is called.
PreparedImage prepare_image_bytes(const std::string& path, std::string_view bytes, const PreprocessSpec& spec,
                                  const DecodeLimits& limits, const Preparation& preparation = {});

/// Prepares the images of `paths` on up to `threads` threads, a few ahead of their use, and hands them to
/// `use` one by one, on the calling thread and in the order of `paths`. An exception of `use` ends the run.
void for_each_prepared_image(const std::vector<std::string>& paths, const PreprocessSpec& spec,
                             const DecodeLimits& limits, int threads,
                             const std::function<void(const PreparedImage&)>& use,
                             const Preparation& preparation = {});

}  // namespace kiloword
