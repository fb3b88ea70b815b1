#pragma once

#include <vector>

#include "kiloword/image/image.h"
#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// `image` scaled to `width` x `height` (both at least 1); the same bytes as Pillow's
/// `Image.resize((width, height), filter)`: cubic convolution (Keys 1981, a = -1/2), linear interpolation, a
/// sinc windowed by a sinc (Lanczos) or by a cosine (Hamming) or a box, widened when shrinking, in two 8-bit
/// passes with 22-bit fixed-point weights.
Image resize(const Image& image, int width, int height, ResizeFilter filter = ResizeFilter::kBicubic);

/// The S x S pixels that a model sees (S = `spec.size_px`), unnormalised: the same bytes as Pillow's resize
/// of the whole image, then the centre S x S; only visible pixels are computed.
Image fit_for_model(const Image& image, const PreprocessSpec& spec);

/// The same of an image decoded at a fraction of its size: scaled and cropped as its full size asks, with
/// the samples where they would be in the full image (Pillow's `resize(..., box=...)` after `draft()`).
Image fit_for_model(const DecodedImage& decoded, const PreprocessSpec& spec);

/// Writes `(pixel / level_range - mean) / std` of the S x S image `fitted` to `out`, planar [3, S, S] in
/// the order R, G, B.
void normalize(const Image& fitted, const PreprocessSpec& spec, float* out);

/// fit_for_model() then normalize(): [3, S, S], ready for the network.
std::vector<float> preprocess(const Image& image, const PreprocessSpec& spec);
std::vector<float> preprocess(const DecodedImage& decoded, const PreprocessSpec& spec);

}  // namespace kiloword
