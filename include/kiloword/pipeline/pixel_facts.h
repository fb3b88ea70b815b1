#pragma once

#include <vector>

#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// Facts computed from the pixels of an image, without a network.
struct PixelFacts {
  enum class Background { kAny, kWhite, kBlack };
  enum class Sky { kAny, kBlue, kNight };

  Background background = Background::kAny;  ///< colour of most of the image's border
  Sky sky = Sky::kAny;                       ///< colour of the top of the image, assumed to be sky
  bool is_grey = false;                      ///< no pixel has a noticeable colour
};

/// Computes the facts of `pixels` [3, H, W] of an image of `size`, normalised by `spec`.
PixelFacts pixel_facts(const std::vector<float>& pixels, PictureSize size, const PreprocessSpec& spec);

}  // namespace kiloword
