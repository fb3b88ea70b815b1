#pragma once

#include <string_view>

#include "image/decode_context.h"
#include "kiloword/image/image.h"
#include "kiloword/image/probe.h"

// Formats of a few headers and plain or run-length samples, read here: OpenCV and libraries know them not at
// all, or without their opacity. Errors as in probe_formats.h and codecs.h.
namespace kiloword {

/// Windows' icons and cursors: the largest picture of the file, of those of one size that with most bits. A
/// picture is a PNG, or a BMP without its file header and with a mask after it.
ImageHeader probe_ico(std::string_view bytes);
Image decode_ico(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// Netpbm's PAM of one to four samples a pixel: grey or RGB, with opacity or without.
ImageHeader probe_pam(std::string_view bytes);
Image decode_pam(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// Truevision's TGA, which has a signature at its end or none: then all that its header states must fit
/// together.
ImageHeader probe_tga(std::string_view bytes);
Image decode_tga(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

}  // namespace kiloword
