#pragma once

#include <tiffio.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "image/decode_context.h"

namespace kiloword {

enum class TiffColors { kGrey, kPalette, kRgb, kCmyk, kLab };
enum class TiffOpacity { kNone, kUnassociated, kAssociated };
/// The number format of samples. Integers of 32 bits and signed ones are clamped to 0 to 255, as Pillow does;
/// so are floating-point numbers, unless none is above 1, in which case 1 is full intensity.
enum class TiffNumbers { kUnsigned, kSigned, kFloat };

/// How a TIFF's first image is stored, for formats whose samples can be read row by row.
struct TiffLayout {
  uint32_t width = 0;
  uint32_t height = 0;
  uint16_t bits = 0;     ///< per sample: 1, 2, 4, 8 or 16; for grey without alpha also 12 or 32
  uint16_t samples = 0;  ///< per pixel
  uint16_t photometric = 0;
  TiffColors colors = TiffColors::kGrey;
  TiffOpacity opacity = TiffOpacity::kNone;
  TiffNumbers numbers = TiffNumbers::kUnsigned;
  bool is_planar = false;

  /// Number of colour samples per pixel.
  size_t color_samples() const;
  /// Number of samples, including alpha, that read_tiff_samples() returns per pixel.
  size_t used_samples() const { return color_samples() + (opacity == TiffOpacity::kNone ? 0 : 1); }
};

/// Reads the layout into `layout`; false if the image is in another format. Makes libtiff convert YCbCr in
/// JPEG data to RGB.
bool read_tiff_layout(TIFF* tiff, TiffLayout& layout);

/// Receives `pixels` pixels of row `y` from column `x` on, used_samples() bytes each. Palette indices are
/// unchanged; other samples are scaled to 8 bits, those of 16 bits to their high byte.
using TiffSegmentSink = std::function<void(uint32_t x, uint32_t y, size_t pixels, const uint8_t* samples)>;

/// Passes every pixel to `sink`; strips are passed row by row. False if libtiff fails. Throws Error(kInput)
/// if tiles or planes would exceed the memory limit of `context`.
bool read_tiff_samples(TIFF* tiff, const TiffLayout& layout, const ImageHeader& header,
                       const DecodeContext& context, const TiffSegmentSink& sink);

}  // namespace kiloword
