#pragma once

#include <string_view>

#include "image/decode_context.h"
#include "kiloword/image/image.h"
#include "kiloword/image/probe.h"

namespace kiloword {

/// Whether decode_png_rows() can decode the PNG file `bytes`: it is not interlaced.
bool has_png_rows(std::string_view bytes);

/// Decodes a PNG file whose rows are so long that libpng, which keeps two of them unpacked, would exceed the
/// memory limit of `context`. Reads rows from the stream pixel by pixel, keeping only the previous row as
/// stored. Otherwise like the decoders of codecs.h.
Image decode_png_rows(std::string_view bytes, const ImageHeader& header, const DecodeContext& context);

}  // namespace kiloword
