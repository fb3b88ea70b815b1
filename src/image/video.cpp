#include "kiloword/image/video.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>

#include "image/byte_reader.h"
#include "image/decode_context.h"
#include "image/frame_times.h"
#include "image/optional_codecs.h"
#include "image/webp_frames.h"
#include "kiloword/base/bounded_child.h"
#include "kiloword/base/descriptor.h"
#include "kiloword/base/file.h"

namespace kiloword {
namespace {

constexpr int kCommandNotFound = 127;
constexpr size_t kMaxMessage = 120;
// Of a file as it is opened again in the child: a descriptor can be sought in, a pipe cannot.
constexpr const char* kInput = "file:/proc/self/fd/0";
// Playlists, which name other files, are not among these.
constexpr const char* kContainers = "mov,mp4,matroska,webm,avi,flv,ogg,mpeg,mpegvideo,mpegts,asf,gif,apng";

struct VideoFacts {
  int width = 0;  ///< upright
  int height = 0;
  double duration_s = 0;  ///< 0: unknown
  bool is_still = false;  ///< one frame
  std::string stream = "v:0";
};

ChildLimits child_limits(const DecodeLimits& limits) {
  constexpr uint64_t kLeastBytes = uint64_t{1} << 30;  // decoders keep many frames
  constexpr uint64_t kMostBytes = uint64_t{4} << 30;
  ChildLimits out;
  out.time = std::chrono::seconds(20);
  out.cpu_seconds = 10;
  out.memory_bytes = std::clamp(max_decoding_bytes(limits), kLeastBytes, kMostBytes);
  out.max_output_bytes = uint64_t{16} << 20;
  return out;
}

/// The last line of what the program complained, cut to a clause.
std::string complaint(const ChildResult& result) {
  std::string text = result.errors;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  text = text.substr(text.rfind('\n') + 1);
  return text.size() > kMaxMessage ? text.substr(0, kMaxMessage) + "..." : text;
}

std::string run(std::vector<std::string> words, int file, const DecodeLimits& limits) {
  const std::string program = words.front();
  ChildResult result = run_bounded(words, file, child_limits(limits));
  if (result.succeeded()) return std::move(result.output);
  if (result.end == ChildResult::End::kExited && result.status == kCommandNotFound) {
    throw missing_library_error("videos and animations need the program " + program, "ffmpeg");
  }
  if (result.end != ChildResult::End::kExited) {
    throw unsupported_error("video that takes too much time or memory to decode");
  }
  throw corrupt_error("video", complaint(result));
}

/// Lines `key=value`; the first of a key that has a value counts.
std::map<std::string, std::string> values_of(const std::string& output) {
  std::map<std::string, std::string> values;
  for (size_t at = 0; at < output.size();) {
    const size_t end = std::min(output.find('\n', at), output.size());
    const std::string line = output.substr(at, end - at);
    const size_t equals = line.find('=');
    if (equals != std::string::npos && line.substr(equals) != "=N/A")
      values.emplace(line.substr(0, equals), line.substr(equals + 1));
    at = end + 1;
  }
  return values;
}

/// 0 for what is not a number, or none above 0.
double positive(const std::string& text) {
  const double number = std::strtod(text.c_str(), nullptr);
  return std::isfinite(number) && number > 0 ? number : 0;
}

/// "25/1" as a number.
double ratio(const std::string& text) {
  const size_t slash = text.find('/');
  const double divisor = slash == std::string::npos ? 1 : positive(text.substr(slash + 1));
  return divisor == 0 ? 0 : positive(text.substr(0, slash)) / divisor;
}

std::map<std::string, std::string> ffprobe(const std::string& stream, const std::string& entries,
                                           const char* counting, int file, const DecodeLimits& limits) {
  return values_of(run(
      {"ffprobe", "-v", "error", counting, "-protocol_whitelist", "file", "-format_whitelist", kContainers,
       "-select_streams", stream, "-show_entries", entries, "-of", "default=noprint_wrappers=1", kInput},
      file, limits));
}

VideoFacts probe_stream(const std::string& stream, int file, const DecodeLimits& limits) {
  std::map<std::string, std::string> values = ffprobe(
      stream,
      "stream=width,height,avg_frame_rate,duration,nb_frames:stream_side_data=rotation:format=duration",
      "-hide_banner", file, limits);
  VideoFacts facts;
  facts.stream = stream;
  facts.is_still = values["nb_frames"] == "1";
  const double width = positive(values["width"]);
  const double height = positive(values["height"]);
  if (width < 1 || height < 1 || width > 65535 || height > 65535)
    throw corrupt_error("video", "no frames in it");
  if (width * height > static_cast<double>(limits.max_pixels)) {
    throw Error(ErrorKind::kInput,
                "video of " + values["width"] + " x " + values["height"] + " pixels is over the limit of " +
                    std::to_string(limits.max_pixels),
                "", "make it smaller, or raise --max-pixels");
  }
  const bool is_turned = std::fabs(std::fmod(std::strtod(values["rotation"].c_str(), nullptr), 180)) == 90;
  facts.width = static_cast<int>(is_turned ? height : width);
  facts.height = static_cast<int>(is_turned ? width : height);
  facts.duration_s = positive(values["duration"]);
  const double rate = ratio(values["avg_frame_rate"]);
  if (facts.duration_s == 0 && rate > 0) {  // as of an APNG
    values = ffprobe(stream, "stream=nb_read_packets", "-count_packets", file, limits);
    facts.duration_s = positive(values["nb_read_packets"]) / rate;
  }
  return facts;
}

/// Of a sequence of AVIF, ffmpeg from 7 on has the primary image as the first stream and the frames as the
/// second.
VideoFacts probe(int file, const DecodeLimits& limits) {
  VideoFacts facts = probe_stream("v:0", file, limits);
  if (!facts.is_still) return facts;
  try {
    VideoFacts second = probe_stream("v:1", file, limits);
    if (!second.is_still) return second;
  } catch (const Error&) {
    // There is none.
  }
  return facts;
}

/// What ffmpeg, with the options `before` the input and those `after` it, writes of the stream.
std::string ffmpeg(const std::string& stream, const std::vector<std::string>& before,
                   const std::vector<std::string>& after, int file, const DecodeLimits& limits) {
  std::vector<std::string> words{"ffmpeg",
                                 "-v",
                                 "error",
                                 "-nostdin",
                                 "-threads",
                                 "1",
                                 "-protocol_whitelist",
                                 "file",
                                 "-format_whitelist",
                                 kContainers};
  words.insert(words.end(), before.begin(), before.end());
  words.insert(words.end(), {"-i", kInput, "-map", "0:" + stream});
  words.insert(words.end(), after.begin(), after.end());
  return run(std::move(words), file, limits);
}

/// Times of scene changes, looked for between key frames alone, which encoders put there: a pass over all
/// frames would take longer than a child may.
std::vector<double> scene_changes(const std::string& stream, int file, const DecodeLimits& limits) {
  const std::string output = ffmpeg(
      stream, {"-skip_frame", "nokey"},
      {"-vf", "scale=160:-2,select='gt(scene,0.3)',metadata=print:file=-", "-f", "null", "-"}, file, limits);
  constexpr std::string_view kTime = "pts_time:";
  std::vector<double> times;
  for (size_t at = output.find(kTime); at != std::string::npos; at = output.find(kTime, at + 1)) {
    times.push_back(positive(output.substr(at + kTime.size(), 20)));
  }
  return times;
}

std::vector<double> times_of(const VideoFacts& facts, const FrameChoice& choice, int file,
                             const DecodeLimits& limits) {
  return choice.shots ? shot_times(facts.duration_s, scene_changes(facts.stream, file, limits))
                      : frame_times(facts.duration_s, choice);
}

/// The frame at `time_s`; none where the file ends before it.
std::optional<VideoFrame> frame_at(double time_s, const VideoFacts& facts, int file,
                                   const DecodeLimits& limits) {
  const std::string side = std::to_string(kFrameSide);
  const std::string scale =
      "scale='min(" + side + ",iw)':'min(" + side + ",ih)':force_original_aspect_ratio=decrease";
  const std::string output = ffmpeg(
      facts.stream, {"-ss", std::to_string(time_s)},
      {"-frames:v", "1", "-vf", scale, "-f", "image2pipe", "-pix_fmt", "rgba", "-c:v", "pam", "pipe:1"}, file,
      limits);
  if (output.empty()) return std::nullopt;
  VideoFrame frame;
  frame.time_s = time_s;
  frame.picture.image = decode_image(output, limits);
  const Image& image = frame.picture.image;
  frame.picture.full_width = facts.width;
  frame.picture.full_height = facts.height;
  frame.picture.box = {0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
  return frame;
}

}  // namespace

std::vector<VideoFrame> read_frames(int file, const FrameChoice& choice, const DecodeLimits& limits) {
  const VideoFacts facts = probe(file, limits);
  std::vector<VideoFrame> frames;
  for (const double time_s : times_of(facts, choice, file, limits)) {
    if (auto frame = frame_at(time_s, facts, file, limits)) frames.push_back(std::move(*frame));
  }
  if (frames.empty()) {  // shorter than it states
    if (auto frame = frame_at(0, facts, file, limits)) frames.push_back(std::move(*frame));
  }
  if (frames.empty()) throw corrupt_error("video", "no frames in it");
  return frames;
}

std::vector<VideoFrame> read_frames(std::string_view bytes, const FrameChoice& choice,
                                    const DecodeLimits& limits) {
  if (is_animated_webp(bytes)) return webp_frames(bytes, choice, limits);
  const Descriptor file(::memfd_create("video", MFD_CLOEXEC));
  if (file.get() < 0 || write_descriptor(file.get(), bytes) != 0) {
    throw Error(ErrorKind::kInput, "not enough memory for a video");
  }
  return read_frames(file.get(), choice, limits);
}

}  // namespace kiloword
