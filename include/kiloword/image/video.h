#pragma once

#include <string_view>
#include <vector>

#include "kiloword/image/decode.h"
#include "kiloword/image/image.h"

namespace kiloword {

/// Which frames of a video or an animation are used.
struct FrameChoice {
  int count = 0;       ///< number of evenly spaced frames; 0: 4 of a video, 1 of an animation
  double every_s = 0;  ///< seconds between frames, from the first on; 0: by `count`
  bool shots = false;  ///< instead of both: the middle frame of each shot; scene changes end shots

  bool is_asked_for() const { return count > 0 || every_s > 0 || shots; }
};

/// An upright frame with at most 1024 pixels on its longer side.
struct VideoFrame {
  double time_s = 0;
  DecodedImage picture;  ///< its full size is that of the video
};

/// Maximum number of frames per file; larger requests are spread over its duration.
constexpr int kMaxFrames = 64;

/// Whether a file that begins like `start` is a video (MP4, MOV, Matroska, WebM, AVI, MPEG, FLV, Ogg).
bool is_video(std::string_view start);
/// Whether it may be an animation that read_frames() supports: a GIF, an APNG, an animated WebP, or a
/// sequence in an AVIF or HEIF file.
bool is_animation(std::string_view start);
/// Whether it is an animated WebP, which read_frames() accepts only as content.
bool is_animated_webp(std::string_view start);

/// Reads frames of the video or animation in the open file `file` with the programs ffprobe and ffmpeg,
/// limited in time and memory (animated WebP: with libwebp). Throws Error(kInput) if the programs are missing
/// or reject the file, if its frames exceed the pixel limit, and if it has none.
std::vector<VideoFrame> read_frames(int file, const FrameChoice& choice, const DecodeLimits& limits);
/// The same for a file's content.
std::vector<VideoFrame> read_frames(std::string_view bytes, const FrameChoice& choice,
                                    const DecodeLimits& limits);

}  // namespace kiloword
