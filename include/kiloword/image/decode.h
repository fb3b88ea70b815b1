#pragma once

#include <string_view>

#include "kiloword/image/decode_limits.h"
#include "kiloword/image/image.h"
#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// Decodes the image file `bytes` to RGB as a viewer shows it: rotated by its EXIF orientation, composited
/// over white if transparent, with 16-bit samples reduced to 8, grey and CMYK converted, and colours of an
/// embedded ICC profile converted to sRGB. Decodes the first frame of an animation, and renders an SVG
/// drawing or a page of a PDF. Throws Error(kInput) without a place (see Error::at) for files that
/// probe_image() rejects, for images over the limits, and for truncated or corrupt data: never returns a
/// partially decoded image.
Image decode_image(std::string_view bytes, const DecodeLimits& limits = {});

/// Minimum ratio of the shortest side after decode_for_model() to that of the model's input.
constexpr int kLeastDecodedRatio = 3;

/// Like decode_image(), but unless `limits.exact`, decodes a JPEG much larger than the model's input at 1/2,
/// 1/4 or 1/8 of its size: the shortest side stays at least kLeastDecodedRatio times as long as `spec` scales
/// it. Rejects the same files with the same messages.
DecodedImage decode_for_model(std::string_view bytes, const PreprocessSpec& spec,
                              const DecodeLimits& limits = {});

}  // namespace kiloword
