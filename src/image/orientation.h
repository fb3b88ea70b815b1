#pragma once

#include <optional>
#include <string_view>

// How stored pixels are to be turned for viewing, 1 to 8 as in EXIF 2.3, tag 0x0112. Each function returns
// nothing where its block is ill-formed or does not say: viewers show such a picture as it is stored.
namespace kiloword {

/// Of an EXIF block, with or without the prefix that JPEG gives it.
std::optional<int> exif_orientation(std::string_view exif);

/// Of an XMP packet: its first tiff:Orientation, as an attribute or an element.
std::optional<int> xmp_orientation(std::string_view xmp);

/// Of an EXIF block in hexadecimal digits behind two lines with its kind and length: the text under the
/// keywords "Raw profile type exif" and "Raw profile type APP1" that ImageMagick writes into PNG files.
std::optional<int> raw_profile_orientation(std::string_view text);

}  // namespace kiloword
