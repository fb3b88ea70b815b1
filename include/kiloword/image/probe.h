#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kiloword {

/// The header of an image file, read without decoding pixels.
struct ImageHeader {
  /// "JPEG", "PNG", "GIF", "WebP", "BMP", "TIFF", "JPEG 2000", "PNM", "PAM", "Sun raster", "HEIC", "AVIF",
  /// "JPEG XL", "RAW", "ICO" or "TGA".
  std::string_view format;
  int64_t width = 0;   ///< pixels as stored, before the EXIF rotation; at least 1
  int64_t height = 0;  ///< pixels as stored; at least 1
  /// The orientation of the stored pixels, 1 to 8 as in EXIF 2.3, tag 0x0112; 1 (upright) if it is missing or
  /// ill-formed.
  int orientation = 1;
};

/// Reads the header of the image file `bytes`; never reads out of bounds, and takes linear time. Drawings and
/// documents (SVG, PDF) do not count as images here. Throws Error(kInput) for a file that is empty, not an
/// image, of an unsupported format, truncated within its header, or without pixels.
ImageHeader probe_image(std::string_view bytes);

/// Number of bytes that check_signature() reads.
constexpr size_t kSignatureBytes = 64;

/// Throws like probe_image() if a file that begins with `start` is not an image, or of an unsupported format.
/// `start` has at least kSignatureBytes, or is the whole file.
void check_signature(std::string_view start);

}  // namespace kiloword
