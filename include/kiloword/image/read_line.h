#pragma once

#include <string>

#include "kiloword/image/image.h"

namespace kiloword {

/// A line of text recognised in an image.
struct ReadLine {
  std::string text;       ///< UTF-8, untrusted: not safe for a prompt
  PictureBox box;         ///< in pixels of the full image, upright
  double confidence = 0;  ///< 0..1, Tesseract's, averaged over words, weighted by length
};

}  // namespace kiloword
