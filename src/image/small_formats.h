#pragma once

#include <string_view>

#include "image/decode_context.h"
#include "kiloword/image/image.h"
#include "kiloword/image/probe.h"

// Simple formats with raw or run-length encoded samples, which OpenCV and other libraries do not support, or
// not with alpha. Errors are as in probe_formats.h and codecs.h.
namespace kiloword {

/// Windows icons and cursors: the largest image of the file, among equals the one with the most bits. An
/// image is a PNG, or a BMP without file header and followed by a mask.
ImageHeader probe_ico(std::string_view bytes);
Image decode_ico(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// Netpbm's PAM with one to four samples per pixel: grey or RGB, with or without alpha.
ImageHeader probe_pam(std::string_view bytes);
Image decode_pam(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// Truevision TGA. Its signature, at the end, is optional; without it, all header fields must be consistent.
ImageHeader probe_tga(std::string_view bytes);
Image decode_tga(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

}  // namespace kiloword
