#pragma once

#include <string_view>

#include "image/decode_context.h"
#include "kiloword/image/image.h"
#include "kiloword/image/probe.h"

// Decoders. Each takes a whole file whose size has been probed and found acceptable, returns
// the pixels as they are stored (not turned), in sRGB, within the memory of `context`, and throws
// Error(kInput) for data that is cut off or corrupt, or of another size than `header` says.
namespace kiloword {

/// libjpeg: grey, YCbCr, RGB, CMYK and YCCK; baseline, progressive and arithmetic coding.
Image decode_jpeg(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// The same at 1/`reduction` of the size (1, 2, 4 or 8), sides rounded up: each block of 8 x 8 pixels comes
/// from the lowest of its frequencies, as an inverse transform of 4, 2 or 1 pixels a side.
Image decode_jpeg_reduced(std::string_view bytes, const ImageHeader& header, const DecodeContext& context,
                          int reduction);

/// libpng: every colour type and depth, interlaced or not.
Image decode_png(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// giflib: the first frame on its canvas.
Image decode_gif(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// libtiff: the first page; bilevel, grey, palette, RGB, CMYK, YCbCr, CIELab, of up to 16 bits a sample.
Image decode_tiff(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// Netpbm's PBM, PGM and PPM, plain and binary.
Image decode_pnm(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// libwebp; of an animation the first frame on its canvas.
Image decode_webp(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// Windows' and OS/2's: palettes, masks, run lengths.
Image decode_bmp(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// OpenJPEG: grey and colours with and without opacity, YCbCr, inks and palettes, of up to 31 bits a sample.
Image decode_jpeg2000(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

/// Of 1, 8, 24 and 32 bits, with a map of colours or without, as they are or in run lengths.
Image decode_sun_raster(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

}  // namespace kiloword
