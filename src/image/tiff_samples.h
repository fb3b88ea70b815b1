#pragma once

#include <tiffio.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "image/decode_context.h"

namespace kiloword {

enum class TiffColors { kGrey, kPalette, kRgb, kCmyk, kLab };
enum class TiffOpacity { kNone, kUnassociated, kAssociated };
/// What a sample of 12 bits or more is a number of. Integers of 32 bits and signed ones are cut to 0 to 255,
/// as Pillow does; floating-point numbers likewise, unless none is above 1, which then is full intensity.
enum class TiffNumbers { kUnsigned, kSigned, kFloat };

/// How a TIFF's first picture is stored, of the kinds whose samples can be read row by row.
struct TiffLayout {
  uint32_t width = 0;
  uint32_t height = 0;
  uint16_t bits = 0;     ///< a sample: 1, 2, 4, 8 or 16; of grey without opacity also 12 or 32
  uint16_t samples = 0;  ///< a pixel
  uint16_t photometric = 0;
  TiffColors colors = TiffColors::kGrey;
  TiffOpacity opacity = TiffOpacity::kNone;
  TiffNumbers numbers = TiffNumbers::kUnsigned;
  bool is_planar = false;

  /// Samples that say what the colour is.
  size_t color_samples() const;
  /// The same and the opacity: what read_tiff_samples() gives of each pixel.
  size_t used_samples() const { return color_samples() + (opacity == TiffOpacity::kNone ? 0 : 1); }
};

/// Reads the layout into `layout`; false where the picture is of another kind. Asks libtiff for RGB where
/// it has YCbCr in JPEG data.
bool read_tiff_layout(TIFF* tiff, TiffLayout& layout);

/// `pixels` pixels of row `y` from column `x` on: used_samples() bytes each. Indices of palettes are as they
/// are, other samples are scaled to 8 bits; 16 keep their high byte.
using TiffSegmentSink = std::function<void(uint32_t x, uint32_t y, size_t pixels, const uint8_t* samples)>;

/// Hands every pixel to `sink`, of strips row by row. False where libtiff fails. Throws Error(kInput)
/// where tiles or planes would take more memory than `context` allows.
bool read_tiff_samples(TIFF* tiff, const TiffLayout& layout, const ImageHeader& header,
                       const DecodeContext& context, const TiffSegmentSink& sink);

}  // namespace kiloword
