#pragma once

#include <string>

#include "kiloword/image/image.h"

namespace kiloword::test {

/// How a JPEG of a test is written.
struct JpegKind {
  bool grey = false;
  bool progressive = false;
  int orientation = 1;  ///< as the file's EXIF block states it
};

/// The JPEG file of `image`, quality 90, colours at half their size.
std::string jpeg_file(const Image& image, const JpegKind& kind = {});

}  // namespace kiloword::test
