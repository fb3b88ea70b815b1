#pragma once

#include <string>
#include <string_view>

#include "kiloword/image/probe.h"

namespace kiloword {

/// The ICC profile that the JPEG, PNG, TIFF, WebP or JPEG 2000 file `bytes` carries; empty where there is
/// none, where it is ill-formed, or where it is of more than 8 MB.
std::string embedded_profile(std::string_view bytes, const ImageHeader& header);

}  // namespace kiloword
