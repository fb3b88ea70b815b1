#pragma once

#include <string_view>

#include "image/decode_context.h"
#include "kiloword/image/image.h"
#include "kiloword/image/probe.h"

// Decoders. Each takes a whole file, whose size has been probed and accepted, and returns the pixels as
// stored (not rotated) in sRGB, within the memory limit of `context`. Throws Error(kInput) for data that is
// truncated or corrupt, or whose size differs from `header`.
namespace kiloword {

/// libjpeg: grey, YCbCr, RGB, CMYK and YCCK; baseline, progressive and arithmetic coding.
Image decode_jpeg(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// The same at 1/`reduction` of the size (1, 2, 4 or 8), with sides rounded up: each 8 x 8 block is decoded
/// from its lowest frequencies by an inverse transform of 4 x 4, 2 x 2 or 1 x 1 pixels.
Image decode_jpeg_reduced(std::string_view bytes, const ImageHeader& header, const DecodeContext& context,
                          int reduction);

/// libpng: every colour type and depth, interlaced or not.
Image decode_png(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// giflib: the first frame on its canvas.
Image decode_gif(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// libtiff: the first page; bilevel, grey, palette, RGB, CMYK, YCbCr and CIELab, up to 16 bits per sample,
/// and grey of 32 bits.
Image decode_tiff(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// Netpbm's PBM, PGM and PPM, plain and binary.
Image decode_pnm(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// libwebp; for an animation, the first frame on its canvas.
Image decode_webp(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// Windows and OS/2 BMP: palettes, bit masks, run-length encoding.
Image decode_bmp(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// OpenJPEG: grey and colour with or without alpha, YCbCr, CMYK and palettes, up to 31 bits per sample.
Image decode_jpeg2000(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// Sun raster: 1, 8, 24 and 32 bits, with or without a colour map, raw or run-length encoded.
Image decode_sun_raster(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

}  // namespace kiloword
