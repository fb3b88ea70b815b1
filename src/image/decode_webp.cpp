#include <webp/decode.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/extent.h"
#include "image/pixels.h"
#include "image/probe_formats.h"

// libwebp is used directly and not through OpenCV, which takes twice the memory and tells nothing of why a
// file cannot be decoded.
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
  throw corrupt_error(kFormat, "no image in it");
}

/// What libwebp says of a file that it cannot decode.
[[noreturn]] void throw_webp_error(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_SUSPENDED:
    case VP8_STATUS_NOT_ENOUGH_DATA:
      throw truncated_error(kFormat);
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      throw unsupported_error("WebP of a kind that is not supported");
    case VP8_STATUS_OUT_OF_MEMORY:
      throw std::bad_alloc();
    default:
      throw corrupt_error(kFormat, "its pixels cannot be decoded");
  }
}

/// Pixels as they are handed out; of lossless ones libwebp has 4 bytes, of an opacity beside a lossy picture
/// one and at most 4 while it is unpacked; and a few dozen rows.
uint64_t decoding_bytes(const WebPBitstreamFeatures& features) {
  constexpr int kLossless = 2;
  constexpr uint64_t kRows = 64;
  const uint64_t handed_out = features.has_alpha != 0 ? 4 : 3;
  const uint64_t inside = features.format == kLossless ? 4 : features.has_alpha != 0 ? 5 : 0;
  const auto width = static_cast<uint64_t>(features.width);
  return width * static_cast<uint64_t>(features.height) * (handed_out + inside) + width * kRows;
}

/// Four bytes of a pixel to three, in place: colours to sRGB, over white.
void flatten(Image& image, const ColorTransform* transform) {
  const auto width = static_cast<size_t>(image.width);
  std::vector<uint8_t> colors(width * 3);
  std::vector<uint8_t> opacity(width);
  for (size_t y = 0; y < static_cast<size_t>(image.height); ++y) {
    const uint8_t* stored = image.rgb.data() + y * width * 4;
    for (size_t x = 0; x < width; ++x, stored += 4) {
      std::copy_n(stored, 3, &colors[x * 3]);
      opacity[x] = stored[3];
    }
    if (transform != nullptr) transform->apply(colors.data(), colors.data(), width);
    uint8_t* rgb = image.rgb.data() + y * width * 3;  // in front of what is still to be read
    for (size_t i = 0; i < width * 3; ++i) rgb[i] = over_white(colors[i], opacity[i / 3]);
  }
  image.rgb.resize(width * static_cast<size_t>(image.height) * 3);
}

/// `beside`: bytes that are taken beside the picture.
Image decode_still(std::string_view bytes, const ImageHeader& header, const DecodeContext& context,
                   uint64_t beside) {
  const auto* const data = reinterpret_cast<const uint8_t*>(bytes.data());
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) throw Error(ErrorKind::kInternal, "libwebp of another version");
  if (const VP8StatusCode status = WebPGetFeatures(data, bytes.size(), &config.input);
      status != VP8_STATUS_OK) {
    throw_webp_error(status);
  }
  if (config.input.width != header.width || config.input.height != header.height) {
    throw corrupt_error(kFormat, "its size is stated twice");
  }
  context.check_memory(decoding_bytes(config.input) + beside, header);
  const bool has_alpha = config.input.has_alpha != 0;
  Image image{config.input.width, config.input.height, {}};
  const size_t stride = static_cast<size_t>(image.width) * (has_alpha ? 4 : 3);
  image.rgb.resize(stride * static_cast<size_t>(image.height));
  config.output.colorspace = has_alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = image.rgb.data();
  config.output.u.RGBA.stride = static_cast<int>(stride);
  config.output.u.RGBA.size = image.rgb.size();
  if (const VP8StatusCode status = WebPDecode(data, bytes.size(), &config); status != VP8_STATUS_OK) {
    throw_webp_error(status);
  }
  const auto transform = context.transform(ColorSpace::kRgb);
  if (has_alpha) {
    flatten(image, transform.get());
  } else if (transform) {
    transform->apply(image.rgb.data(), image.rgb.data(), image.rgb.size() / 3);
  }
  return image;
}

}  // namespace

Image decode_webp(std::string_view bytes, const ImageHeader& header, const DecodeContext& context) {
  check_extent(bytes, header);
  const std::optional<WebpFrame> frame = first_frame(bytes);
  if (!frame) {
    return decode_still(bytes, header, context, 0);
  }
  const ImageHeader frame_header = probe_webp(frame->file);
  if (frame->x + frame_header.width > header.width || frame->y + frame_header.height > header.height) {
    throw corrupt_error(kFormat, "a frame outside of its canvas");
  }
  const size_t canvas_bytes = static_cast<size_t>(header.width) * static_cast<size_t>(header.height) * 3;
  const Image picture = decode_still(frame->file, frame_header, context, canvas_bytes);
  Image canvas{static_cast<int>(header.width), static_cast<int>(header.height), {}};
  canvas.rgb.assign(canvas_bytes, 255);
  const ptrdiff_t row_bytes = ptrdiff_t{picture.width} * 3;
  for (ptrdiff_t y = 0; y < picture.height; ++y) {
    std::copy_n(picture.rgb.begin() + y * row_bytes, row_bytes,
                canvas.rgb.begin() + ((frame->y + y) * canvas.width + frame->x) * 3);
  }
  return canvas;
}

}  // namespace kiloword
