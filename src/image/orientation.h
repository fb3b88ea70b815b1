#pragma once

#include <optional>
#include <string_view>

// The orientation of stored pixels, 1 to 8 as in EXIF 2.3, tag 0x0112. Each function returns none if its
// block is ill-formed or has no orientation; viewers show such images as stored.
namespace kiloword {

/// From an EXIF block, with or without its JPEG prefix.
std::optional<int> exif_orientation(std::string_view exif);

/// From an XMP packet: the first tiff:Orientation, as an attribute or an element.
std::optional<int> xmp_orientation(std::string_view xmp);

/// From an EXIF block in hexadecimal digits after two lines with its type and length: the text that
/// ImageMagick writes into PNG files with the keywords "Raw profile type exif" and "Raw profile type APP1".
std::optional<int> raw_profile_orientation(std::string_view text);

}  // namespace kiloword
