#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kiloword {

/// The header of an image file as its first bytes state it, before any pixel is decoded.
struct ImageHeader {
  /// "JPEG", "PNG", "GIF", "WebP", "BMP", "TIFF", "JPEG 2000", "PNM", "PAM", "Sun raster", "HEIC", "AVIF",
  /// "JPEG XL", "RAW", "ICO" or "TGA".
  std::string_view format;
  int64_t width = 0;   ///< pixels as stored, before the EXIF rotation; at least 1
  int64_t height = 0;  ///< pixels as stored; at least 1
  /// How the stored pixels are to be turned for viewing: 1 to 8 as in EXIF 2.3, tag 0x0112; 1 (upright) where
  /// the file does not state it, or not well-formed.
  int orientation = 1;
};

/// Reads the header of the image file `bytes`; never reads outside of it, takes time linear in its size.
/// Drawings and documents (SVG, PDF), which have no pixels before they are drawn, are no images here. Throws
/// Error(kInput) for what is empty, not an image, an unsupported format, cut off within its header, or of no
/// size.
ImageHeader probe_image(std::string_view bytes);

/// How many bytes check_signature() looks at.
constexpr size_t kSignatureBytes = 64;

/// Throws what probe_image() would throw for a file that starts with `start` and is no image or of a format
/// that is not supported; of at least kSignatureBytes, or the whole file.
void check_signature(std::string_view start);

}  // namespace kiloword
