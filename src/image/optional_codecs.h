#pragma once

#include <string>
#include <string_view>

#include "image/decode_context.h"
#include "kiloword/base/error.h"
#include "kiloword/image/image.h"
#include "kiloword/image/probe.h"

// Formats of optional libraries. Without a library, its functions throw missing_library_error() and its
// version is empty. Otherwise, the functions behave like those of probe_formats.h and codecs.h.
namespace kiloword {

/// The error for a missing library: `what` ("HEIC and AVIF images need libheif"), and its Debian package.
Error missing_library_error(const std::string& what, const std::string& package);

/// libheif: the primary image of a HEIC or AVIF file, cropped, rotated and mirrored by its properties. The
/// EXIF orientation, which repeats these, is ignored (ISO/IEC 23008-12, section 6.5.10), as are gain maps and
/// other images. Of samples over 8 bits, the high 8 bits are kept.
ImageHeader probe_heif(std::string_view bytes);
Image decode_heif(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);
/// The ICC profile of the primary image, or one made from its primaries and transfer function.
std::string heif_profile(std::string_view bytes);
std::string heif_version();

/// libjxl: JPEG XL, oriented by its header; for an animation, the first frame. The decoder handles colours:
/// it converts lossy files to sRGB and returns the profile of others.
ImageHeader probe_jxl(std::string_view bytes);
Image decode_jxl(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);
std::string jxl_version();

/// LibRaw: a camera's raw file, as its embedded JPEG preview or, if that is missing or small, developed with
/// the camera's white balance, at half size if that is large enough.
ImageHeader probe_raw(std::string_view bytes);
Image decode_raw(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);
std::string raw_version();

}  // namespace kiloword
