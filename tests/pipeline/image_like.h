#pragma once

#include <string>

#include "kiloword/pipeline/prepared_image.h"
#include "support/fake_encoder.h"

namespace kiloword::testing {

/// An image whose embedding by FakeEncoder is that of `text`.
inline PreparedImage image_like(const std::string& text) {
  PreparedImage image;
  image.path = "a.jpg";
  image.width = 640;
  image.height = 480;
  image.pixels = FakeEncoder::text_embedding(text);
  image.pixels.resize(3 * 4 * 4);
  return image;
}

}  // namespace kiloword::testing
