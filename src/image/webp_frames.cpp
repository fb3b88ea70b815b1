#include "image/webp_frames.h"

#include <webp/demux.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>

#include "image/byte_reader.h"
#include "image/color_profile.h"
#include "image/decode_context.h"
#include "image/frame_times.h"
#include "image/probe_formats.h"
#include "image/resample.h"
#include "image/rgba_rows.h"

namespace kiloword {
namespace {

constexpr std::string_view kFormat = "WebP";
constexpr double kMsPerS = 1000;
// Frames follow from one another, so that all before the wanted one are decoded.
constexpr std::chrono::seconds kMostTime{20};

struct DeleteDecoder {
  void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};
using Decoder = std::unique_ptr<WebPAnimDecoder, DeleteDecoder>;

/// Two canvases of the decoder, a frame with what decoding it takes (4 bytes a pixel each), and the picture
/// over white.
uint64_t decoding_bytes(const ImageHeader& header) {
  constexpr uint64_t kBytesPerPixel = 4 + 4 + 4 + 4 + 3;
  return static_cast<uint64_t>(header.width) * static_cast<uint64_t>(header.height) * kBytesPerPixel;
}

/// When each frame ends, in seconds, without decoding any.
std::vector<double> frame_ends(const WebPAnimDecoder* decoder) {
  std::vector<double> ends;
  WebPIterator frame;
  double end_ms = 0;
  if (WebPDemuxGetFrame(WebPAnimDecoderGetDemuxer(decoder), 1, &frame) != 0) {
    do {
      end_ms += std::max(frame.duration, 0);
      ends.push_back(end_ms / kMsPerS);
    } while (WebPDemuxNextFrame(&frame) != 0);
    WebPDemuxReleaseIterator(&frame);
  }
  return ends;
}

std::vector<double> times_of(const std::vector<double>& ends, const FrameChoice& choice) {
  return choice.shots ? shot_times(ends.back(), ends) : frame_times(ends.back(), choice);
}

DecodedImage shrunk(Image canvas) {
  DecodedImage picture;
  picture.full_width = canvas.width;
  picture.full_height = canvas.height;
  const int longer = std::max(canvas.width, canvas.height);
  if (longer > kFrameSide) {
    const auto scaled = [longer](int side) { return std::max(side * kFrameSide / longer, 1); };
    const int width = scaled(canvas.width);
    const int height = scaled(canvas.height);
    const PictureBox all{0, 0, static_cast<double>(canvas.width), static_cast<double>(canvas.height)};
    canvas = resample(canvas, ResizeFilter::kBox, all, width, height, {0, 0, width, height});
  }
  picture.box = {0, 0, static_cast<double>(canvas.width), static_cast<double>(canvas.height)};
  picture.image = std::move(canvas);
  return picture;
}

/// A canvas of the decoder over white, in sRGB.
DecodedImage picture_of(const uint8_t* rgba, const ImageHeader& header,
                        const std::shared_ptr<const ColorTransform>& colors) {
  RgbaRows rows(header, 4, /*premultiplied=*/false, colors);
  const auto row_bytes = static_cast<size_t>(header.width) * 4;
  for (int64_t y = 0; y < header.height; ++y) rows.add(rgba + static_cast<size_t>(y) * row_bytes);
  return shrunk(rows.take());
}

}  // namespace

std::vector<VideoFrame> webp_frames(std::string_view bytes, const FrameChoice& choice,
                                    const DecodeLimits& limits) {
  const ImageHeader header = probe_webp(bytes);
  DecodeContext context;
  context.max_bytes = max_decoding_bytes(limits);
  context.check_memory(decoding_bytes(header), header);
  if (!limits.ignore_profile) context.profile = embedded_profile(bytes, header);
  const WebPData data{reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
  const Decoder decoder(WebPAnimDecoderNew(&data, nullptr));
  if (!decoder) throw corrupt_error(kFormat, "its animation cannot be decoded");
  const std::vector<double> ends = frame_ends(decoder.get());
  if (ends.empty()) throw corrupt_error(kFormat, "no image in it");
  const std::vector<double> times = times_of(ends, choice);
  const std::shared_ptr<const ColorTransform> colors = context.transform(ColorSpace::kRgb);
  const auto deadline = std::chrono::steady_clock::now() + kMostTime;
  std::vector<VideoFrame> frames;
  size_t wanted = 0;
  for (size_t i = 0; i < ends.size() && wanted < times.size(); ++i) {
    uint8_t* rgba = nullptr;
    int end_ms = 0;
    if (std::chrono::steady_clock::now() > deadline) {
      throw unsupported_error("animation that takes too much time to decode");
    }
    if (WebPAnimDecoderGetNext(decoder.get(), &rgba, &end_ms) == 0)
      throw corrupt_error(kFormat, "a frame cannot be decoded");
    const size_t first = wanted;
    while (wanted < times.size() && (times[wanted] < ends[i] || i + 1 == ends.size())) ++wanted;
    if (wanted == first) continue;
    const DecodedImage picture = picture_of(rgba, header, colors);
    for (size_t time = first; time < wanted; ++time) frames.push_back({times[time], picture});
  }
  return frames;
}

}  // namespace kiloword
