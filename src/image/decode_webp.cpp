#include <algorithm>
#include <optional>
#include <string>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/extent.h"
#include "image/probe_formats.h"

namespace kiloword {
namespace {

constexpr std::string_view kFormat = "WebP";
constexpr char kHasAlpha = 0x10;       // of the VP8X flags
constexpr uint8_t kIsAnimated = 0x02;  // of the VP8X flags
constexpr size_t kFrameHeaderBytes = 16;

/// The first frame of an animation, as a WebP file of its own, and its place on the canvas.
struct WebpFrame {
  int64_t x = 0;
  int64_t y = 0;
  std::string file;
};

std::string little_endian(uint64_t number, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) {
    out.push_back(static_cast<char>(number >> (8 * i) & 0xFF));
  }
  return out;
}

/// WebP container specification, "Animation": the payload of an ANMF chunk is a 16-byte header and still
/// chunks.
WebpFrame frame_from_payload(std::string_view payload) {
  const ByteReader in(payload, kFormat);
  WebpFrame frame;
  frame.x = static_cast<int64_t>(in.number(0, 3, false)) * 2;
  frame.y = static_cast<int64_t>(in.number(3, 3, false)) * 2;
  const std::string_view size = in.text(6, 6);  // width and height, less one, in the form that VP8X has too
  std::string chunks;
  if (in.text(kFrameHeaderBytes, 4) == "ALPH") {
    chunks += "VP8X" + little_endian(10, 4) + kHasAlpha + std::string(3, '\0');
    chunks += size;
  }
  chunks += payload.substr(kFrameHeaderBytes);
  frame.file = "RIFF" + little_endian(chunks.size() + 4, 4) + "WEBP" + chunks;
  return frame;
}

/// Nothing for a still picture.
std::optional<WebpFrame> first_frame(std::string_view bytes) {
  const ByteReader in(bytes, kFormat);
  if (in.text(12, 4) != "VP8X" || (in.u8(20) & kIsAnimated) == 0) {
    return std::nullopt;
  }
  for (size_t at = 30; in.has(at, 8);) {
    const size_t length = in.le32(at + 4);
    if (in.text(at, 4) == "ANMF") {
      return frame_from_payload(in.text(at + 8, length));
    }
    at += 8 + length + length % 2;
  }
  throw corrupt_error(kFormat, "no picture in it");
}

}  // namespace

Image decode_webp(std::string_view bytes, const ImageHeader& header, const DecodeContext& context) {
  check_extent(bytes, header);
  const std::optional<WebpFrame> frame = first_frame(bytes);
  if (!frame) {
    return decode_opencv(bytes, header, context);
  }
  const ImageHeader frame_header = probe_webp(frame->file);
  if (frame->x + frame_header.width > header.width || frame->y + frame_header.height > header.height) {
    throw corrupt_error(kFormat, "a frame outside of its canvas");
  }
  const Image picture = decode_opencv(frame->file, frame_header, context);
  Image canvas{static_cast<int>(header.width), static_cast<int>(header.height), {}};
  canvas.rgb.assign(static_cast<size_t>(canvas.width) * static_cast<size_t>(canvas.height) * 3, 255);
  const ptrdiff_t row_bytes = ptrdiff_t{picture.width} * 3;
  for (ptrdiff_t y = 0; y < picture.height; ++y) {
    std::copy_n(picture.rgb.begin() + y * row_bytes, row_bytes,
                canvas.rgb.begin() + ((frame->y + y) * canvas.width + frame->x) * 3);
  }
  return canvas;
}

}  // namespace kiloword
