#pragma once

#include <vector>

#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// What the pixels of an image say without any network.
struct PixelFacts {
  enum class Background { kAny, kWhite, kBlack };
  enum class Sky { kAny, kBlue, kNight };

  Background background = Background::kAny;  ///< what most of the image's border is
  Sky sky = Sky::kAny;                       ///< what the uppermost part would be if it were the sky
  bool is_grey = false;                      ///< no pixel has a colour to speak of
};

/// Looks at `pixels` [3, H, W] of a picture of `size`, normalised as `spec` says.
PixelFacts pixel_facts(const std::vector<float>& pixels, PictureSize size, const PreprocessSpec& spec);

}  // namespace kiloword
