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

/// How large an image of `full` pixels is when a model sees it: S x S (S = `spec.size_px`), of
/// ResizeMode::kPatches a multiple of the patch on either side. That is the largest scale of the image's
/// sides, each rounded up to whole patches, with at most `max_patches` of them, found in double precision by
/// the bisection of scales from 1e-6 to 100 down to steps of 1e-5 in transformers' Siglip2ImageProcessor.
PictureSize fitted_size(PictureSize full, const PreprocessSpec& spec);

/// The pixels that a model sees (see fitted_size), unnormalised: the same bytes as Pillow's resize of the
/// whole image, then the centre S x S where the image is larger; only what stays visible is computed.
Image fit_for_model(const Image& image, const PreprocessSpec& spec);

/// The same of an image decoded at a fraction of its size: scaled and cropped as its full size asks, with
/// the samples where they would be in the full image (Pillow's `resize(..., box=...)` after `draft()`).
Image fit_for_model(const DecodedImage& decoded, const PreprocessSpec& spec);

/// Writes `(pixel / level_range - mean) / std` of the W x H image `fitted` to `out`, planar [3, H, W] in
/// the order R, G, B.
void normalize(const Image& fitted, const PreprocessSpec& spec, float* out);

/// fit_for_model() then normalize(): [3, H, W], ready for the network.
std::vector<float> preprocess(const Image& image, const PreprocessSpec& spec);
std::vector<float> preprocess(const DecodedImage& decoded, const PreprocessSpec& spec);

}  // namespace kiloword
