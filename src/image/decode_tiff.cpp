#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/pixels.h"
#include "image/tiff_samples.h"
#include "image/tiff_source.h"

// libtiff is used directly and not through OpenCV, whose reader returns black strips for damaged ones and no
// picture at all for many bit depths. Its own conversion to RGBA is for rare kinds alone: it multiplies grey
// by an opacity twice, takes Lab's white for sRGB's, ignores the opacity of inks, and unpacks strips whole.
namespace kiloword {
namespace {

using Color = std::array<uint8_t, 3>;

/// 8 bits of the palette's 16, or all of it where a writer has put 8-bit values there.
std::vector<Color> read_palette(TIFF* tiff, uint16_t bits) {
  std::vector<Color> colors(256, Color{});
  uint16_t* channels[3] = {};
  if (TIFFGetField(tiff, TIFFTAG_COLORMAP, &channels[0], &channels[1], &channels[2]) == 0) {
    throw corrupt_error("TIFF", "no colour table");
  }
  const size_t count = size_t{1} << bits;
  bool is_8_bit = true;
  for (const uint16_t* channel : channels) {
    is_8_bit = is_8_bit && std::all_of(channel, channel + count, [](uint16_t value) { return value < 256; });
  }
  for (size_t i = 0; i < count; ++i) {
    for (size_t k = 0; k < 3; ++k) colors[i][k] = static_cast<uint8_t>(channels[k][i] >> (is_8_bit ? 0 : 8));
  }
  return colors;
}

/// Samples of a row to sRGB over white.
class SegmentConverter {
 public:
  SegmentConverter(TIFF* tiff, const TiffLayout& layout, const DecodeContext& context) : layout_(layout) {
    switch (layout.colors) {
      case TiffColors::kGrey:
        transform_ = context.transform(ColorSpace::kGrey);
        break;
      case TiffColors::kPalette:
        palette_ = read_palette(tiff, layout.bits);
        transform_ = context.transform(ColorSpace::kRgb);
        break;
      case TiffColors::kRgb:
        transform_ = context.transform(ColorSpace::kRgb);
        break;
      case TiffColors::kCmyk:
        transform_ = context.transform(ColorSpace::kCmyk);
        break;
      case TiffColors::kLab:
        transform_ = ColorTransform::lab_to_srgb();
        break;
    }
  }

  void convert(const uint8_t* samples, size_t pixels, uint8_t* rgb) {
    const size_t used = layout_.used_samples();
    const size_t count = layout_.color_samples();
    colors_.clear();
    for (size_t i = 0; i < pixels; ++i) append_color(samples + i * used, count);
    if (transform_) {
      transform_->apply(colors_.data(), rgb, pixels);
    } else {
      for (size_t i = 0; i < pixels; ++i)
        write_color(colors_.data() + i * bytes_of_color(count), rgb + i * 3);
    }
    if (layout_.opacity == TiffOpacity::kNone) return;
    for (size_t i = 0; i < pixels * 3; ++i) {
      const uint32_t alpha = samples[i / 3 * used + count];
      rgb[i] = layout_.opacity == TiffOpacity::kUnassociated
                   ? over_white(rgb[i], alpha)
                   : static_cast<uint8_t>(std::min(rgb[i] + 255 - alpha, 255U));
    }
  }

 private:
  size_t bytes_of_color(size_t count) const { return layout_.colors == TiffColors::kPalette ? 3 : count; }

  /// In the form that transforms take.
  void append_color(const uint8_t* sample, size_t count) {
    if (layout_.colors == TiffColors::kPalette) {
      colors_.insert(colors_.end(), palette_[sample[0]].begin(), palette_[sample[0]].end());
      return;
    }
    const bool is_inverted = layout_.photometric == PHOTOMETRIC_MINISWHITE;
    for (size_t k = 0; k < count; ++k) {
      // CIELab's a and b are signed, ICCLab's have an offset of 128.
      const bool is_signed = layout_.photometric == PHOTOMETRIC_CIELAB && k > 0;
      colors_.push_back(static_cast<uint8_t>(sample[k] ^ (is_inverted ? 255 : is_signed ? 128 : 0)));
    }
  }

  void write_color(const uint8_t* color, uint8_t* rgb) const {
    const uint32_t light = layout_.colors == TiffColors::kCmyk ? 255U - color[3] : 255U;
    for (size_t k = 0; k < 3; ++k) {
      if (layout_.colors == TiffColors::kCmyk) {
        rgb[k] = static_cast<uint8_t>(light - multiply_255(color[k], light));
      } else {
        rgb[k] = color[layout_.colors == TiffColors::kGrey ? 0 : k];
      }
    }
  }

  const TiffLayout& layout_;
  std::vector<Color> palette_;
  std::shared_ptr<const ColorTransform> transform_;
  std::vector<uint8_t> colors_;
};

/// libtiff's conversion of every colour space and bit depth to 8-bit RGBA, ended whatever happens.
struct RgbaConversion {
  TIFFRGBAImage image{};
  bool begun = false;

  ~RgbaConversion() {
    if (begun) {
      TIFFRGBAImageEnd(&image);
    }
  }
};

/// Kinds without an opacity that libtiff alone knows: YCbCr of any compression, LogLuv.
Image decode_by_libtiff(TIFF* tiff, TiffSource& source, const ImageHeader& header,
                        const DecodeContext& context) {
  char reason[1024] = "";
  if (TIFFRGBAImageOK(tiff, reason) == 0) {
    throw unsupported_error("TIFF that cannot be read: " + std::string(reason));
  }
  const size_t pixels = static_cast<size_t>(header.width) * static_cast<size_t>(header.height);
  const uint64_t unit = TIFFIsTiled(tiff) != 0 ? TIFFTileSize64(tiff) : TIFFStripSize64(tiff);
  context.check_memory(unit > UINT64_MAX / 2 ? UINT64_MAX : pixels * 7 + unit * 2, header);
  RgbaConversion conversion;
  conversion.begun = TIFFRGBAImageBegin(&conversion.image, tiff, /*stop=*/1, reason) != 0;
  if (!conversion.begun) {
    throw_tiff_error(source);
  }
  TIFFRGBAImage& rgba = conversion.image;
  // Pixels as they are stored, from the top: the caller turns them.
  rgba.orientation = ORIENTATION_TOPLEFT;
  rgba.req_orientation = ORIENTATION_TOPLEFT;
  // Not initialised: a file that claims much and holds little costs no memory.
  const std::unique_ptr<uint32_t[]> raster(new uint32_t[pixels]);
  if (TIFFRGBAImageGet(&rgba, raster.get(), rgba.width, rgba.height) == 0 || !source.message.empty()) {
    throw_tiff_error(source);
  }
  Image image{static_cast<int>(rgba.width), static_cast<int>(rgba.height), {}};
  image.rgb.resize(pixels * 3);
  for (size_t i = 0; i < pixels; ++i) {
    image.rgb[i * 3] = static_cast<uint8_t>(TIFFGetR(raster[i]));
    image.rgb[i * 3 + 1] = static_cast<uint8_t>(TIFFGetG(raster[i]));
    image.rgb[i * 3 + 2] = static_cast<uint8_t>(TIFFGetB(raster[i]));
  }
  return image;
}

void check_compression(TIFF* tiff) {
  uint16_t compression = COMPRESSION_NONE;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
  if (TIFFIsCODECConfigured(compression) == 0) {
    throw unsupported_error("TIFF of compression " + std::to_string(compression) + " is not supported");
  }
}

}  // namespace

Image decode_tiff(std::string_view bytes, const ImageHeader& header, const DecodeContext& context) {
  TiffSource source;
  source.bytes = bytes;
  const TiffHandle tiff = open_tiff(source, context.max_bytes);
  if (!tiff) {
    throw_tiff_error(source);
  }
  check_compression(tiff.get());
  TiffLayout layout;
  const bool is_known = read_tiff_layout(tiff.get(), layout);
  if (layout.width != header.width || layout.height != header.height) {
    throw corrupt_error("TIFF", "its size is stated twice");
  }
  source.read_past_end = false;
  source.message.clear();  // what is wrong with tags that do not matter here
  if (!is_known) {
    return decode_by_libtiff(tiff.get(), source, header, context);
  }
  Image image{static_cast<int>(layout.width), static_cast<int>(layout.height), {}};
  SegmentConverter converter(tiff.get(), layout, context);
  const size_t width = layout.width;
  const bool is_whole =
      read_tiff_samples(tiff.get(), layout, header, context,
                        [&](uint32_t x, uint32_t y, size_t pixels, const uint8_t* samples) {
                          // Taken when there are pixels: a file that claims much and holds little costs no
                          // memory.
                          if (image.rgb.empty()) image.rgb.resize(width * layout.height * 3);
                          converter.convert(samples, pixels, image.rgb.data() + (y * width + x) * 3);
                        });
  if (!is_whole || !source.message.empty()) {
    throw_tiff_error(source);
  }
  return image;
}

}  // namespace kiloword
