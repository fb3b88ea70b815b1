#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kiloword {

/// The tags of a TIFF's first directory that matter here (TIFF 6.0, section 8). EXIF data has the same form.
struct TiffDirectory {
  std::optional<uint32_t> width;
  std::optional<uint32_t> height;
  std::optional<uint32_t> orientation;
  std::string_view profile;  ///< ICC; empty where there is none, or it lies outside of the file
};

/// Reads the directory of a whole TIFF file or EXIF block. Throws Error(kInput) where it is cut off or
/// ill-formed.
TiffDirectory read_tiff_directory(std::string_view bytes);

}  // namespace kiloword
