#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/extent.h"

// rasterfile(5) of SunOS: a header of eight numbers, a colour map, rows padded to 16 bits.
namespace kiloword {
namespace {

constexpr std::string_view kFormat = "Sun raster";
constexpr size_t kHeaderBytes = 32;
constexpr uint32_t kRunLengths = 2;
constexpr uint32_t kRgbOrder = 3;

using Color = std::array<uint8_t, 3>;

struct Layout {
  uint32_t depth = 0;  ///< bits a pixel
  uint32_t kind = 0;   ///< old, standard, run lengths, RGB
  size_t pixels = 0;   ///< where they start
  std::vector<Color> colors;
};

/// Reds, greens and blues one after the other; without a map, black is 0, but for single bits, where it is 1.
std::vector<Color> read_colors(const ByteReader& in, uint32_t depth, uint32_t map_kind, size_t map_bytes) {
  std::vector<Color> colors(256, Color{});
  if (map_kind == 1 && map_bytes >= 3) {
    const size_t count = std::min<size_t>(map_bytes / 3, 256);
    for (size_t i = 0; i < count; ++i) {
      for (size_t k = 0; k < 3; ++k) colors[i][k] = in.u8(kHeaderBytes + k * (map_bytes / 3) + i);
    }
    return colors;
  }
  for (size_t i = 0; i < colors.size(); ++i) {
    colors[i].fill(static_cast<uint8_t>(depth == 1 ? (i == 0 ? 255 : 0) : i));
  }
  return colors;
}

Layout read_layout(std::string_view bytes) {
  constexpr uint32_t kMapKinds = 2;  // none, RGB
  const ByteReader in(bytes, kFormat);
  Layout layout;
  layout.depth = in.be32(12);
  layout.kind = in.be32(20);
  const uint32_t map_kind = in.be32(24);
  const size_t map_bytes = in.be32(28);
  const bool is_depth = layout.depth == 1 || layout.depth == 8 || layout.depth == 24 || layout.depth == 32;
  if (!is_depth || layout.kind > kRgbOrder || map_kind >= kMapKinds) {
    throw unsupported_error("Sun raster of " + std::to_string(layout.depth) + " bits and kind " +
                            std::to_string(layout.kind) + " is not supported");
  }
  layout.pixels = kHeaderBytes + map_bytes;
  layout.colors = read_colors(in, layout.depth, map_kind, map_bytes);
  return layout;
}

/// The bytes of the pixels, with run lengths undone.
class PixelBytes {
 public:
  PixelBytes(const ByteReader& in, const Layout& layout)
      : in_(in), at_(layout.pixels), is_packed_(layout.kind == kRunLengths) {}

  uint8_t next() {
    constexpr uint8_t kMark = 0x80;
    if (left_ > 0) {
      --left_;
      return value_;
    }
    const uint8_t first = in_.u8(at_++);
    if (!is_packed_ || first != kMark) return first;
    left_ = in_.u8(at_++);
    value_ = left_ == 0 ? kMark : in_.u8(at_++);
    return value_;
  }

 private:
  const ByteReader& in_;
  size_t at_;
  bool is_packed_;
  unsigned left_ = 0;
  uint8_t value_ = 0;
};

void convert_row(const uint8_t* row, const Layout& layout, size_t width, uint8_t* rgb) {
  const size_t step = layout.depth / 8;
  for (size_t x = 0; x < width; ++x, rgb += 3) {
    if (layout.depth <= 8) {
      const unsigned index = layout.depth == 8 ? row[x] : row[x / 8] >> (7 - x % 8) & 1U;
      std::copy(layout.colors[index].begin(), layout.colors[index].end(), rgb);
      continue;
    }
    const uint8_t* pixel = row + x * step + (step - 3);  // an unused byte comes first
    for (size_t k = 0; k < 3; ++k) rgb[k] = pixel[layout.kind == kRgbOrder ? k : 2 - k];
  }
}

}  // namespace

Image decode_sun_raster(std::string_view bytes, const ImageHeader& header, const DecodeContext& /*context*/) {
  const Layout layout = read_layout(bytes);
  check_extent(bytes, header);
  const ByteReader in(bytes, kFormat);
  PixelBytes pixels(in, layout);
  Image image{static_cast<int>(header.width), static_cast<int>(header.height), {}};
  const auto width = static_cast<size_t>(header.width);
  std::vector<uint8_t> row((width * layout.depth + 15) / 16 * 2);
  image.rgb.reserve(width * static_cast<size_t>(header.height) * 3);
  for (int64_t y = 0; y < header.height; ++y) {  // memory is taken only as fast as the file yields pixels
    std::generate(row.begin(), row.end(), [&] { return pixels.next(); });
    image.rgb.resize(image.rgb.size() + width * 3);
    convert_row(row.data(), layout, width, image.rgb.data() + image.rgb.size() - width * 3);
  }
  return image;
}

}  // namespace kiloword
