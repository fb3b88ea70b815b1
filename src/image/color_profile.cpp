#include "image/color_profile.h"

#include <map>

#include "image/byte_reader.h"
#include "image/jpeg2000_header.h"
#include "image/optional_codecs.h"
#include "image/png_chunks.h"
#include "image/tiff_directory.h"

namespace kiloword {
namespace {

constexpr size_t kMaxProfileBytes = size_t{8} << 20;
constexpr std::string_view kJpegPrefix("ICC_PROFILE\0", 12);

/// ICC.1:2010, annex B.4: APP2 segments, numbered from 1, that state how many they are.
std::string jpeg_profile(std::string_view bytes) {
  const ByteReader in(bytes, "JPEG");
  std::map<uint8_t, std::string_view> parts;
  size_t parts_stated = 0;
  for (size_t at = 2; in.has(at, 4);) {
    const uint8_t marker = in.u8(at + 1);
    if (in.u8(at) != 0xFF || marker == 0xFF) {  // garbage or filling
      ++at;
      continue;
    }
    if (marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
      at += 2;
      continue;
    }
    if (marker == 0xDA || marker == 0xD9) break;
    const size_t length = in.be16(at + 2);
    if (length < 2 || !in.has(at + 2, length)) break;
    const std::string_view segment = in.text(at + 4, length - 2);
    if (marker == 0xE2 && segment.size() >= 14 && segment.substr(0, 12) == kJpegPrefix) {
      parts_stated = static_cast<uint8_t>(segment[13]);
      parts.emplace(static_cast<uint8_t>(segment[12]), segment.substr(14));
    }
    at += 2 + length;
  }
  std::string out;
  if (parts.empty() || parts.size() != parts_stated || parts.begin()->first != 1) return out;
  for (const auto& [number, part] : parts) out += part;
  return out;
}

std::string png_profile(std::string_view bytes) {
  PngChunks chunks(bytes);
  while (chunks.next() && chunks.type() != "IDAT") {
    if (chunks.type() == "iCCP") return read_png_profile(chunks.data(), kMaxProfileBytes);
  }
  return "";
}

/// The chunk stands behind VP8X, before the picture.
std::string webp_profile(std::string_view bytes) {
  const ByteReader in(bytes, "WebP");
  if (in.text(12, 4) != "VP8X") return "";
  for (size_t at = 30; in.has(at, 8);) {
    const size_t length = in.le32(at + 4);
    if (in.text(at, 4) == "ICCP" && in.has(at + 8, length)) return std::string(in.text(at + 8, length));
    at += 8 + length + length % 2;
  }
  return "";
}

std::string profile_of(std::string_view bytes, std::string_view format) {
  if (format == "JPEG") return jpeg_profile(bytes);
  if (format == "PNG") return png_profile(bytes);
  if (format == "WebP") return webp_profile(bytes);
  if (format == "JPEG 2000") return std::string(read_jpeg2000_header(bytes).profile);
  if (format == "HEIC" || format == "AVIF") return heif_profile(bytes);
  if (format == "TIFF") return std::string(read_tiff_directory(bytes).profile);
  return "";
}

}  // namespace

std::string embedded_profile(std::string_view bytes, const ImageHeader& header) {
  std::string profile = profile_of(bytes, header.format);
  return profile.size() <= kMaxProfileBytes ? profile : "";
}

}  // namespace kiloword
