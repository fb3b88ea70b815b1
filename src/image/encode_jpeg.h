#pragma once

#include <string>

#include "kiloword/image/image.h"

namespace kiloword {

/// Encodes `image`, whose sides must be 1 to 65,500 pixels, as a JPEG file. `quality`: 1 to 100, on libjpeg's
/// scale. Throws std::bad_alloc, and Error(kInternal) if libjpeg fails.
std::string encode_jpeg(const Image& image, int quality);

}  // namespace kiloword
