#pragma once

#include <string>
#include <string_view>

#include "kiloword/image/probe.h"

namespace kiloword {

/// The ICC profile embedded in the JPEG, PNG, TIFF, WebP or JPEG 2000 file `bytes`; empty if there is none,
/// or it is ill-formed or over 8 MB.
std::string embedded_profile(std::string_view bytes, const ImageHeader& header);

}  // namespace kiloword
