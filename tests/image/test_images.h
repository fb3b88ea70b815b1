#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>

#include "kiloword/base/file.h"
#include "kiloword/image/image.h"

namespace kiloword::test {

/// A file of tests/image/data.
inline std::string sample(const std::string& name) {
  return read_file(std::string(KILOWORD_TESTS_DIR "/image/data/") + name, 1 << 20, ErrorKind::kInput);
}

/// CRC-32 of the pixels, as the golden files hold it.
inline uint32_t checksum(const Image& image) {
  return static_cast<uint32_t>(crc32(0, image.rgb.data(), static_cast<uInt>(image.rgb.size())));
}

inline std::string little_endian(uint64_t number, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    out.push_back(static_cast<char>(number >> (8 * i)));
  }
  return out;
}

inline std::string big_endian(uint64_t number, int count) {
  const std::string out = little_endian(number, count);
  return {out.rbegin(), out.rend()};
}

/// `bytes` with those at `offset` replaced by `patch`.
inline std::string patched(std::string bytes, size_t offset, const std::string& patch) {
  return bytes.replace(offset, patch.size(), patch);
}

/// A PNG chunk with its checksum.
inline std::string png_chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(data.size(), 4) + body + big_endian(crc, 4);
}

/// A PNG file's signature and header chunk.
inline std::string png_start(uint32_t width, uint32_t height, int bits, int color_type) {
  return "\x89PNG\r\n\x1A\n" +
         png_chunk("IHDR", big_endian(width, 4) + big_endian(height, 4) + static_cast<char>(bits) +
                               static_cast<char>(color_type) + std::string(3, '\0'));
}

/// A zlib stream of `data`.
inline std::string deflated(const std::string& data) {
  uLongf size = compressBound(static_cast<uLong>(data.size()));
  std::string out(size, '\0');
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
           static_cast<uLong>(data.size()));
  out.resize(size);
  return out;
}

/// A little-endian TIFF or EXIF directory entry of one value.
inline std::string tiff_entry(int tag, int type, uint32_t count, uint32_t value) {
  return little_endian(static_cast<uint64_t>(tag), 2) + little_endian(static_cast<uint64_t>(type), 2) +
         little_endian(count, 4) + little_endian(value, 4);
}

}  // namespace kiloword::test
