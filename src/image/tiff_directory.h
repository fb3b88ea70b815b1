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
};

/// Reads the directory of a whole TIFF file or EXIF block. Throws Error(kInput) where it is cut off or
/// ill-formed.
TiffDirectory read_tiff_directory(std::string_view bytes);

/// The orientation, 1 to 8, that the EXIF block `exif` states; 1 where it is ill-formed or does not say.
int exif_orientation(std::string_view exif);

}  // namespace kiloword
