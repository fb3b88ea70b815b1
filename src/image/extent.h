#pragma once

#include <string_view>

#include "kiloword/image/probe.h"

namespace kiloword {

/// Throws Error(kInput) if a WebP, BMP, JPEG 2000 or Sun raster file is shorter than its headers state; for
/// decoders that do not distinguish truncated from corrupt files.
void check_extent(std::string_view bytes, const ImageHeader& header);

}  // namespace kiloword
