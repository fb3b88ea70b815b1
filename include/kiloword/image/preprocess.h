#pragma once

#include <vector>

#include "kiloword/image/image.h"
#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// `image` scaled to `width` x `height` (both at least 1); the same bytes as Pillow's `Image.resize((width,
/// height), filter)`: cubic convolution (Keys 1981, a = -1/2), linear interpolation, a sinc windowed by a
/// sinc (Lanczos) or by a cosine (Hamming) or a box, widened for downscaling, in two 8-bit passes with 22-bit
/// fixed-point weights.
Image resize(const Image& image, int width, int height, ResizeFilter filter = ResizeFilter::kBicubic);

/// The size of a model's input for an image of size `full`: S x S (S = `spec.size_px`) or, with
/// ResizeMode::kPatches, a multiple of the patch size on either side: the image's sides at the largest scale
/// at which they, rounded up to whole patches, have at most `max_patches` patches. The scale is found like in
/// transformers' Siglip2ImageProcessor, by bisection in double precision from 1e-6 to 100, to within 1e-5.
PictureSize fitted_size(PictureSize full, const PreprocessSpec& spec);

/// The model's input (see fitted_size), unnormalised: the same bytes as Pillow's resize of the whole image
/// followed by a centre crop of S x S. Computes only pixels inside the crop.
Image fit_for_model(const Image& image, const PreprocessSpec& spec);

/// The same for an image decoded at a reduced size: scaled and cropped by its full size, with samples at the
/// same positions as in the full image (Pillow's `resize(..., box=...)` after `draft()`).
Image fit_for_model(const DecodedImage& decoded, const PreprocessSpec& spec);

/// Writes `(pixel / level_range - mean) / std` of the W x H image `fitted` to `out`, planar [3, H, W] in
/// the order R, G, B.
void normalize(const Image& fitted, const PreprocessSpec& spec, float* out);

/// fit_for_model() then normalize(): [3, H, W], ready for the network.
std::vector<float> preprocess(const Image& image, const PreprocessSpec& spec);
std::vector<float> preprocess(const DecodedImage& decoded, const PreprocessSpec& spec);

}  // namespace kiloword
