#pragma once

#include <string>

#include "kiloword/image/image.h"

namespace kiloword {

/// The JPEG file of `image`, whose sides are 1 to 65,500 pixels. `quality`: 1 to 100, as libjpeg means it.
/// Throws std::bad_alloc, and Error(kInternal) for what libjpeg refuses.
std::string encode_jpeg(const Image& image, int quality);

}  // namespace kiloword
