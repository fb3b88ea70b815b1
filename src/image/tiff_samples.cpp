#include "image/tiff_samples.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace kiloword {
namespace {

constexpr uint16_t kMaxSamples = 16;
constexpr size_t kPiecePixels = size_t{1} << 16;  // that are converted at once

uint16_t number(TIFF* tiff, uint32_t tag) {
  uint16_t value = 0;
  TIFFGetFieldDefaulted(tiff, tag, &value);
  return value;
}

bool read_colors(TIFF* tiff, TiffLayout& layout) {
  switch (layout.photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
      layout.colors = TiffColors::kGrey;
      return true;
    case PHOTOMETRIC_PALETTE:
      layout.colors = TiffColors::kPalette;
      return layout.bits <= 8;
    case PHOTOMETRIC_RGB:
      layout.colors = TiffColors::kRgb;
      return true;
    case PHOTOMETRIC_YCBCR:
      if (layout.samples == 1) {  // brightness alone
        layout.colors = TiffColors::kGrey;
        return layout.bits == 8 && number(tiff, TIFFTAG_COMPRESSION) != COMPRESSION_JPEG;
      }
      layout.colors = TiffColors::kRgb;
      return number(tiff, TIFFTAG_COMPRESSION) == COMPRESSION_JPEG && !layout.is_planar &&
             layout.samples == 3 && TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB) != 0;
    case PHOTOMETRIC_SEPARATED:
      layout.colors = TiffColors::kCmyk;
      return number(tiff, TIFFTAG_INKSET) == INKSET_CMYK;
    case PHOTOMETRIC_CIELAB:
    case PHOTOMETRIC_ICCLAB:
      layout.colors = TiffColors::kLab;
      return layout.bits >= 8;
    default:
      return false;
  }
}

TiffOpacity read_opacity(TIFF* tiff, const TiffLayout& layout) {
  if (layout.samples <= layout.color_samples()) return TiffOpacity::kNone;
  uint16_t count = 0;
  uint16_t* kinds = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) == 0 || count == 0) {
    // Old writers leave out what the fourth sample of RGB is.
    return layout.colors == TiffColors::kRgb && layout.samples == 4 ? TiffOpacity::kUnassociated
                                                                    : TiffOpacity::kNone;
  }
  if (kinds[0] == EXTRASAMPLE_ASSOCALPHA) return TiffOpacity::kAssociated;
  return kinds[0] == EXTRASAMPLE_UNASSALPHA ? TiffOpacity::kUnassociated : TiffOpacity::kNone;
}

/// Whether the samples, of `layout` but for its numbers, can be read; fills those in.
bool read_numbers(TIFF* tiff, TiffLayout& layout) {
  const uint16_t format = number(tiff, TIFFTAG_SAMPLEFORMAT);
  if (format == SAMPLEFORMAT_INT) layout.numbers = TiffNumbers::kSigned;
  if (format == SAMPLEFORMAT_IEEEFP) layout.numbers = TiffNumbers::kFloat;
  const bool is_plain = format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID;
  constexpr uint16_t kDepths[] = {1, 2, 4, 8, 16};
  const bool is_usual_depth =
      std::find(std::begin(kDepths), std::end(kDepths), layout.bits) != std::end(kDepths);
  if (is_usual_depth && (is_plain || (format == SAMPLEFORMAT_INT && layout.colors == TiffColors::kLab)))
    return true;
  if (layout.colors != TiffColors::kGrey || layout.samples != 1) return false;
  switch (layout.numbers) {
    case TiffNumbers::kUnsigned:
      return is_plain && (layout.bits == 12 || layout.bits == 32);
    case TiffNumbers::kSigned:
      return layout.bits == 8 || layout.bits == 16 || layout.bits == 32;
    case TiffNumbers::kFloat:
      return layout.bits == 32;
  }
  return false;
}

/// `index`-th number of type T in `row`, in the machine's order.
template <typename T>
T number_at(const uint8_t* row, size_t index) {
  T value{};
  std::memcpy(&value, row + index * sizeof value, sizeof value);
  return value;
}

template <typename T>
uint8_t cut_to_byte(T value) {
  return value > 0 ? static_cast<uint8_t>(std::min<T>(value, 255)) : uint8_t{0};  // NaN too is 0
}

/// Turns stored samples into bytes.
class Unpacker {
 public:
  /// `float_scale`: what floating-point samples are multiplied by.
  Unpacker(const TiffLayout& layout, float float_scale)
      : bits_(layout.bits),
        numbers_(layout.colors == TiffColors::kGrey ? layout.numbers : TiffNumbers::kUnsigned),
        factor_(layout.colors == TiffColors::kPalette || bits_ >= 8 ? 1 : 255 / ((1 << bits_) - 1)),
        float_scale_(float_scale) {}

  uint8_t sample(const uint8_t* row, size_t index) const {
    if (bits_ == 8) return row[index];
    if (bits_ == 32 && numbers_ == TiffNumbers::kFloat)
      return cut_to_byte(number_at<float>(row, index) * float_scale_);
    if (bits_ == 32 && numbers_ == TiffNumbers::kUnsigned)
      return cut_to_byte(number_at<uint32_t>(row, index));
    if (bits_ == 32) return cut_to_byte(number_at<int32_t>(row, index));
    if (bits_ == 16 && numbers_ == TiffNumbers::kSigned)
      return cut_to_byte<int>(number_at<int16_t>(row, index));
    if (bits_ == 16) return static_cast<uint8_t>(number_at<uint16_t>(row, index) >> 8);
    const size_t bit = index * bits_;
    if (bits_ == 12) {  // the upper eight
      const uint8_t* byte = row + bit / 8;
      return bit % 8 == 0 ? byte[0] : static_cast<uint8_t>(byte[0] << 4 | byte[1] >> 4);
    }
    const unsigned value = row[bit / 8] >> (8 - bits_ - bit % 8) & ((1U << bits_) - 1);
    return static_cast<uint8_t>(value * factor_);
  }

  /// `used` of every `stored` samples, of the pixels from `begin` on.
  void unpack(const uint8_t* row, size_t begin, size_t pixels, size_t stored, size_t used,
              uint8_t* out) const {
    for (size_t i = begin; i < begin + pixels; ++i) {
      for (size_t k = 0; k < used; ++k) *out++ = sample(row, i * stored + k);
    }
  }

 private:
  size_t bits_;
  TiffNumbers numbers_;
  unsigned factor_;
  float float_scale_;
};

/// Rows of `plane`, as libtiff unpacks them, of strips or tiles; `sink(x, y, pixels, row)`.
template <typename Sink>
bool read_plane(TIFF* tiff, const TiffLayout& layout, uint16_t plane, Sink sink) {
  if (TIFFIsTiled(tiff) == 0) {
    std::vector<uint8_t> row(static_cast<size_t>(TIFFScanlineSize64(tiff)));
    for (uint32_t y = 0; y < layout.height; ++y) {
      if (TIFFReadScanline(tiff, row.data(), y, plane) < 0) return false;
      sink(0, y, layout.width, row.data());
    }
    return true;
  }
  uint32_t tile_width = 0;
  uint32_t tile_height = 0;
  TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &tile_width);
  TIFFGetField(tiff, TIFFTAG_TILELENGTH, &tile_height);
  std::vector<uint8_t> tile(static_cast<size_t>(TIFFTileSize64(tiff)));
  const auto row_bytes = static_cast<size_t>(TIFFTileRowSize64(tiff));
  if (tile_width == 0 || tile_height == 0) return false;
  for (uint64_t y = 0; y < layout.height; y += tile_height) {
    for (uint64_t x = 0; x < layout.width; x += tile_width) {
      const auto left = static_cast<uint32_t>(x);
      const auto top = static_cast<uint32_t>(y);
      const uint32_t index = TIFFComputeTile(tiff, left, top, 0, plane);
      if (TIFFReadEncodedTile(tiff, index, tile.data(), static_cast<tmsize_t>(tile.size())) < 0) return false;
      const size_t pixels = std::min(tile_width, layout.width - left);
      for (uint32_t k = 0; k < std::min(tile_height, layout.height - top); ++k) {
        sink(left, top + k, pixels, tile.data() + k * row_bytes);
      }
    }
  }
  return true;
}

/// What floating-point samples are to be multiplied by; false where libtiff fails.
bool read_float_scale(TIFF* tiff, const TiffLayout& layout, float& scale) {
  float highest = 0;
  const bool is_whole =
      read_plane(tiff, layout, 0, [&](uint32_t /*x*/, uint32_t /*y*/, size_t pixels, const uint8_t* row) {
        for (size_t i = 0; i < pixels; ++i) highest = std::max(highest, number_at<float>(row, i));
      });
  constexpr float kFull = 255;
  scale = highest <= 1 ? kFull : 1;
  return is_whole;
}

/// What libtiff has of a picture in strips beside the file, with the row that it hands out: a row, stored and
/// unpacked, or a whole strip where its codec knows no rows.
uint64_t strip_reading_bytes(TIFF* tiff, const TiffLayout& layout) {
  constexpr uint64_t kFaxBytes = 16;  // of the places where colours change
  const uint64_t row = TIFFScanlineSize64(tiff);
  const uint64_t strip = TIFFStripSize64(tiff);
  switch (number(tiff, TIFFTAG_COMPRESSION)) {
    case COMPRESSION_LZW:
    case COMPRESSION_JPEG:
    case COMPRESSION_ADOBE_DEFLATE:
    case COMPRESSION_DEFLATE:
    case COMPRESSION_PACKBITS:
    case COMPRESSION_LZMA:
    case COMPRESSION_ZSTD:
      return row;
    case COMPRESSION_NONE:
      return row * 2;
    case COMPRESSION_CCITTRLE:
    case COMPRESSION_CCITTRLEW:
    case COMPRESSION_CCITTFAX3:
    case COMPRESSION_CCITTFAX4:
      return row + layout.width * kFaxBytes;
    default:
      return strip > (UINT64_MAX - row) / 2 ? UINT64_MAX : row + strip * 2;
  }
}

/// The picture, what libtiff has, pieces of rows, and planes that are kept until the last is there.
uint64_t decoding_bytes(TIFF* tiff, const TiffLayout& layout) {
  constexpr uint64_t kPieces = uint64_t{kPiecePixels} * 16;
  const uint64_t pixels = uint64_t{layout.width} * layout.height;
  const uint64_t unit = TIFFIsTiled(tiff) != 0 ? TIFFTileSize64(tiff) : strip_reading_bytes(tiff, layout);
  const uint64_t bytes = pixels * (3 + (layout.is_planar ? layout.used_samples() : 0)) + kPieces;
  return unit > UINT64_MAX - bytes ? UINT64_MAX : bytes + unit;
}

}  // namespace

size_t TiffLayout::color_samples() const {
  switch (colors) {
    case TiffColors::kGrey:
    case TiffColors::kPalette:
      return 1;
    case TiffColors::kCmyk:
      return 4;
    default:
      return 3;
  }
}

bool read_tiff_layout(TIFF* tiff, TiffLayout& layout) {
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &layout.width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &layout.height);
  layout.bits = number(tiff, TIFFTAG_BITSPERSAMPLE);
  layout.samples = number(tiff, TIFFTAG_SAMPLESPERPIXEL);
  layout.is_planar = number(tiff, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE && layout.samples > 1;
  if (TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &layout.photometric) == 0) {
    layout.photometric = layout.samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
  }
  if (!read_colors(tiff, layout) || !read_numbers(tiff, layout)) return false;
  if (layout.samples < layout.color_samples() || layout.samples > kMaxSamples) return false;
  layout.opacity = read_opacity(tiff, layout);
  return true;
}

bool read_tiff_samples(TIFF* tiff, const TiffLayout& layout, const ImageHeader& header,
                       const DecodeContext& context, const TiffSegmentSink& sink) {
  context.check_memory(decoding_bytes(tiff, layout), header);
  float float_scale = 1;
  if (layout.numbers == TiffNumbers::kFloat && !read_float_scale(tiff, layout, float_scale)) return false;
  const Unpacker unpacker(layout, float_scale);
  const size_t used = layout.used_samples();
  std::vector<uint8_t> segment;
  if (!layout.is_planar) {
    return read_plane(tiff, layout, 0, [&](uint32_t x, uint32_t y, size_t pixels, const uint8_t* row) {
      for (size_t begin = 0; begin < pixels; begin += kPiecePixels) {
        const size_t count = std::min(kPiecePixels, pixels - begin);
        segment.resize(count * used);
        unpacker.unpack(row, begin, count, layout.samples, used, segment.data());
        sink(x + static_cast<uint32_t>(begin), y, count, segment.data());
      }
    });
  }
  const size_t width = layout.width;
  std::vector<std::vector<uint8_t>> planes(used);
  for (size_t i = 0; i < used; ++i) {
    planes[i].resize(width * layout.height);
    const bool is_whole = read_plane(tiff, layout, static_cast<uint16_t>(i),
                                     [&](uint32_t x, uint32_t y, size_t pixels, const uint8_t* row) {
                                       unpacker.unpack(row, 0, pixels, 1, 1, &planes[i][y * width + x]);
                                     });
    if (!is_whole) return false;
  }
  for (uint32_t y = 0; y < layout.height; ++y) {
    for (size_t begin = 0; begin < width; begin += kPiecePixels) {
      const size_t count = std::min(kPiecePixels, width - begin);
      segment.resize(count * used);
      for (size_t i = 0; i < segment.size(); ++i) segment[i] = planes[i % used][y * width + begin + i / used];
      sink(static_cast<uint32_t>(begin), y, count, segment.data());
    }
  }
  return true;
}

}  // namespace kiloword
