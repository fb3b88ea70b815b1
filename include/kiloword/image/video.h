#pragma once

#include <string_view>
#include <vector>

#include "kiloword/image/decode.h"
#include "kiloword/image/image.h"

namespace kiloword {

/// Which frames of a video or an animation are looked at.
struct FrameChoice {
  int count = 0;       ///< so many, evenly over its time; 0: four of a video, of an animation the first alone
  double every_s = 0;  ///< one every so many seconds, from the first on; 0: by `count`
  bool shots = false;  ///< the middle one of each shot, which a scene change ends, instead of both

  bool is_asked_for() const { return count > 0 || every_s > 0 || shots; }
};

/// A frame, upright, its longer side of at most 1024 pixels.
struct VideoFrame {
  double time_s = 0;
  DecodedImage picture;  ///< its full size is the video's
};

/// The most frames of one file; larger requests are spread over its time.
constexpr int kMaxFrames = 64;

/// Whether a file that begins like `start` is a video (MP4, MOV, Matroska, WebM, AVI, MPEG, FLV, Ogg).
bool is_video(std::string_view start);
/// Whether it may be an animation whose frames read_frames() gives: a GIF, an APNG, an animated WebP, or a
/// sequence in an AVIF or HEIF file.
bool is_animation(std::string_view start);
/// Whether it is an animated WebP, which read_frames() takes as content alone.
bool is_animated_webp(std::string_view start);

/// The frames of the video or animation that the open file `file` holds, by the programs ffprobe and ffmpeg
/// (an animated WebP by libwebp) within bounds of time and memory. Throws Error(kInput) where these are
/// missing or refuse the file, where its frames are over the limit of pixels, and where it has none.
std::vector<VideoFrame> read_frames(int file, const FrameChoice& choice, const DecodeLimits& limits);
/// The same of a file's content.
std::vector<VideoFrame> read_frames(std::string_view bytes, const FrameChoice& choice,
                                    const DecodeLimits& limits);

}  // namespace kiloword
