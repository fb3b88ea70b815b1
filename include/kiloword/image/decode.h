#pragma once

#include <string_view>

#include "kiloword/image/decode_limits.h"
#include "kiloword/image/image.h"
#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// Decodes the image file `bytes` to RGB as a viewer shows it: rotated by its EXIF orientation,
/// composited over white where transparent, 16-bit samples cut to 8, grey and CMYK converted, colours of
/// an embedded ICC profile converted to sRGB; the first frame of an animation; an SVG drawing or the page
/// of a PDF as drawn. Throws Error(kInput) without a place (see Error::at) for what probe_image()
/// refuses, for images over the limit, and for data that is cut off or corrupt: never returns a
/// half-decoded image.
Image decode_image(std::string_view bytes, const DecodeLimits& limits = {});

/// How many times as long as a model's input decode_for_model() leaves the shortest side.
constexpr int kLeastDecodedRatio = 3;

/// As decode_image(), but decodes a JPEG that is far larger than the model's input at 1/2, 1/4 or 1/8 of its
/// size, unless `limits.exact`: its shortest side stays at least kLeastDecodedRatio times as long as `spec`
/// scales it.
/// The same files are refused, with the same messages.
DecodedImage decode_for_model(std::string_view bytes, const PreprocessSpec& spec,
                              const DecodeLimits& limits = {});

}  // namespace kiloword
