#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kiloword {

/// The tags used here of a TIFF's first directory (TIFF 6.0, section 8). EXIF data has the same format.
struct TiffDirectory {
  std::optional<uint32_t> width;
  std::optional<uint32_t> height;
  std::optional<uint32_t> orientation;
  std::string_view profile;  ///< ICC; empty if there is none, or it is out of bounds
};

/// Reads the directory of a whole TIFF file or EXIF block. Throws Error(kInput) if it is truncated or
/// ill-formed.
TiffDirectory read_tiff_directory(std::string_view bytes);

}  // namespace kiloword
