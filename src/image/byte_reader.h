#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "kiloword/base/error.h"

namespace kiloword {

/// The error for a file that ends too early; `format` as in ImageHeader.
inline Error truncated_error(std::string_view format) {
  return {ErrorKind::kInput, "truncated " + std::string(format), "",
          "the file is incomplete: copy or download it again"};
}

/// The error for a file that violates its format; `detail` is a short clause or empty.
inline Error corrupt_error(std::string_view format, const std::string& detail) {
  return {ErrorKind::kInput, "corrupt " + std::string(format) + (detail.empty() ? "" : ": " + detail), "",
          "copy or download the file again, or save it anew with an image editor"};
}

/// The error for a well-formed file that needs an unsupported feature.
inline Error unsupported_error(const std::string& what) {
  return {ErrorKind::kInput, what, "", "convert it to an 8-bit JPEG or PNG"};
}

/// The error for bytes that are not an image.
inline Error not_an_image_error() {
  return {ErrorKind::kInput, "not an image file", "", "give a JPEG, PNG, WebP, GIF, BMP or TIFF file"};
}

/// Reads numbers at byte offsets of an untrusted buffer. Throws truncated_error(format) past its end.
class ByteReader {
 public:
  ByteReader(std::string_view bytes, std::string_view format) : bytes_(bytes), format_(format) {}

  size_t size() const { return bytes_.size(); }
  bool has(size_t offset, size_t count) const {
    return offset <= bytes_.size() && count <= bytes_.size() - offset;
  }

  std::string_view text(size_t offset, size_t count) const {
    if (!has(offset, count)) {
      throw truncated_error(format_);
    }
    return bytes_.substr(offset, count);
  }
  uint8_t u8(size_t offset) const { return static_cast<uint8_t>(text(offset, 1)[0]); }
  uint16_t be16(size_t offset) const { return static_cast<uint16_t>(number(offset, 2, true)); }
  uint16_t le16(size_t offset) const { return static_cast<uint16_t>(number(offset, 2, false)); }
  uint32_t be32(size_t offset) const { return static_cast<uint32_t>(number(offset, 4, true)); }
  uint32_t le32(size_t offset) const { return static_cast<uint32_t>(number(offset, 4, false)); }
  uint64_t be64(size_t offset) const { return number(offset, 8, true); }

  /// An unsigned number of `count` <= 8 bytes.
  uint64_t number(size_t offset, size_t count, bool big_endian) const {
    const std::string_view digits = text(offset, count);
    uint64_t value = 0;
    for (size_t i = 0; i < count; ++i) {
      value = value << 8 | static_cast<uint8_t>(digits[big_endian ? i : count - 1 - i]);
    }
    return value;
  }

 private:
  std::string_view bytes_;
  std::string_view format_;
};

}  // namespace kiloword
