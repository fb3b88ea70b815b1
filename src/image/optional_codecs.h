#pragma once

#include <string>
#include <string_view>

#include "image/decode_context.h"
#include "kiloword/base/error.h"
#include "kiloword/image/image.h"
#include "kiloword/image/probe.h"

// Formats of libraries that kiloword may be built without: without one, its functions throw
// missing_codec_error() and its version is empty. What the functions are asked and throw is as in
// probe_formats.h and codecs.h.
namespace kiloword {

/// What a file needs that is not there: `what` ("HEIC and AVIF images need libheif"), and the Debian package.
Error missing_library_error(const std::string& what, const std::string& package);

/// libheif: the primary image of a HEIC or AVIF file, cropped, turned and mirrored as its properties ask. Its
/// EXIF orientation, which repeats these, does not count (ISO/IEC 23008-12, section 6.5.10). Of more than 8
/// bits a sample the higher 8 are kept; gain maps and other images of the file are left out.
ImageHeader probe_heif(std::string_view bytes);
Image decode_heif(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);
/// The ICC profile of the primary image, or one for the primaries and the transfer function that it states.
std::string heif_profile(std::string_view bytes);
std::string heif_version();

/// libjxl: JPEG XL, turned as its header asks; of an animation the first frame. The decoder knows the colours
/// itself: of lossy files it makes sRGB, of others it gives the profile.
ImageHeader probe_jxl(std::string_view bytes);
Image decode_jxl(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);
std::string jxl_version();

/// LibRaw: a camera's raw file, as the JPEG preview that lies in it, or, where that is missing or small,
/// developed with the camera's white balance, at half its size where that is large enough.
ImageHeader probe_raw(std::string_view bytes);
Image decode_raw(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);
std::string raw_version();

}  // namespace kiloword
