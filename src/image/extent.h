#pragma once

#include <string_view>

#include "kiloword/image/probe.h"

namespace kiloword {

/// Throws Error(kInput) when a WebP, BMP, JPEG 2000 or Sun raster file is shorter than its own headers say:
/// for decoders that do not tell a cut-off file from a damaged one.
void check_extent(std::string_view bytes, const ImageHeader& header);

}  // namespace kiloword
