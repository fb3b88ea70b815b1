#include "kiloword/image/thumbnail.h"

#include <algorithm>
#include <cmath>

#include "image/encode_jpeg.h"
#include "image/resample.h"

namespace kiloword {
namespace {

constexpr int kQuality = 75;

}  // namespace

std::string jpeg_thumbnail(std::string_view bytes, int longer_px, const DecodeLimits& limits) {
  // A reduced JPEG keeps at least three times these pixels on its shortest side, so that the thumbnail is
  // still scaled down from it; a model's picture needs more, a viewer sees no difference.
  PreprocessSpec spec;
  spec.size_px = (longer_px + 2) / 3;
  const DecodedImage decoded = decode_for_model(bytes, spec, limits);
  const int longer = std::max(decoded.full_width, decoded.full_height);
  const double scale = std::min(1.0, static_cast<double>(longer_px) / longer);
  const auto scaled = [scale](int side) { return std::max(1, static_cast<int>(std::lround(side * scale))); };
  const int width = scaled(decoded.full_width);
  const int height = scaled(decoded.full_height);
  return encode_jpeg(
      resample(decoded.image, ResizeFilter::kBicubic, decoded.box, width, height, {0, 0, width, height}),
      kQuality);
}

}  // namespace kiloword
