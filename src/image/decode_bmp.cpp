#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "image/bmp_header.h"
#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/pixels.h"

// Read here and not through OpenCV, which decodes pictures with a palette of OS/2's to grey, overlooks masks,
// and takes the unused byte of 32-bit pixels for an opacity.
namespace kiloword {
namespace {

constexpr std::string_view kFormat = "BMP";

using Color = std::array<uint8_t, 3>;

/// 256 colours, black where the file has none.
std::vector<Color> read_colors(const ByteReader& in, const BmpHeader& header) {
  std::vector<Color> colors(256, Color{});
  for (size_t i = 0; i < std::min<uint64_t>(header.colors, 256); ++i) {
    const size_t at = header.palette + i * header.palette_entry_bytes;
    colors[i] = {in.u8(at + 2), in.u8(at + 1), in.u8(at)};
  }
  return colors;
}

/// The bits of a pixel that belong to one channel.
class Channel {
 public:
  explicit Channel(uint32_t mask) : mask_(mask) {
    while (mask != 0 && (mask & 1) == 0) {
      mask >>= 1;
      ++shift_;
    }
    highest_ = mask;
  }
  bool exists() const { return highest_ != 0; }
  /// 0 to 255, as Pillow scales.
  uint32_t value(uint32_t pixel) const {
    return exists() ? static_cast<uint32_t>(uint64_t{(pixel & mask_) >> shift_} * 255 / highest_) : 0;
  }

 private:
  uint32_t mask_;
  uint32_t shift_ = 0;
  uint32_t highest_ = 0;
};

void convert_masked_row(const ByteReader& row, const BmpHeader& header, uint8_t* rgb) {
  const Channel colors[] = {Channel(header.masks[0]), Channel(header.masks[1]), Channel(header.masks[2])};
  const Channel opacity(header.masks[3]);
  const size_t pixel_bytes = static_cast<size_t>(header.bits) / 8;
  for (size_t x = 0; x < static_cast<size_t>(header.width); ++x) {
    const uint32_t pixel = pixel_bytes == 2 ? row.le16(x * 2) : row.le32(x * 4);
    const uint32_t alpha = opacity.exists() ? opacity.value(pixel) : 255;
    for (const Channel& color : colors) *rgb++ = over_white(color.value(pixel), alpha);
  }
}

void convert_row(const ByteReader& row, const BmpHeader& header, const std::vector<Color>& colors,
                 uint8_t* rgb) {
  const auto width = static_cast<size_t>(header.width);
  if (header.bits == 24) {
    for (size_t x = 0; x < width; ++x, rgb += 3) {
      for (size_t channel = 0; channel < 3; ++channel) rgb[channel] = row.u8(x * 3 + 2 - channel);
    }
    return;
  }
  if (header.bits > 8) return convert_masked_row(row, header, rgb);
  const auto bits = static_cast<size_t>(header.bits);
  for (size_t x = 0; x < width; ++x, rgb += 3) {
    const size_t first_bit = x * bits;
    const unsigned index = row.u8(first_bit / 8) >> (8 - bits - first_bit % 8) & ((1U << bits) - 1);
    std::copy(colors[index].begin(), colors[index].end(), rgb);
  }
}

/// Run lengths of palette indices. What they do not reach is of index 0, what lies outside is left out.
class RunLengths {
 public:
  RunLengths(std::string_view bytes, const BmpHeader& header, const std::vector<Color>& colors, Image& image)
      : in_(bytes, kFormat), at_(header.pixels), header_(header), colors_(colors), image_(image) {}

  void decode() {
    while (y_ < header_.height) {
      const unsigned count = in_.u8(at_);
      const unsigned value = in_.u8(at_ + 1);
      at_ += 2;
      if (count > 0) {
        for (unsigned i = 0; i < count; ++i) put(is_packed_by_4() ? nibble(value, i) : value);
      } else if (value == 0) {
        x_ = 0;
        ++y_;
      } else if (value == 1) {
        return;
      } else if (value == 2) {
        x_ += in_.u8(at_);
        y_ += in_.u8(at_ + 1);
        at_ += 2;
      } else {
        read_literals(value);
      }
    }
  }

 private:
  bool is_packed_by_4() const { return header_.packing == BmpPacking::kRunLengths4; }
  static unsigned nibble(unsigned byte, unsigned i) { return i % 2 == 0 ? byte >> 4 : byte & 15; }

  void read_literals(unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      put(is_packed_by_4() ? nibble(in_.u8(at_ + i / 2), i) : in_.u8(at_ + i));
    }
    const unsigned bytes = is_packed_by_4() ? (count + 1) / 2 : count;
    at_ += bytes + bytes % 2;
  }

  void put(unsigned index) {
    if (x_ < header_.width) {
      const int64_t row = header_.is_from_top ? y_ : header_.height - 1 - y_;
      std::copy(colors_[index].begin(), colors_[index].end(),
                image_.rgb.begin() + (row * header_.width + x_) * 3);
    }
    ++x_;
  }

  ByteReader in_;
  size_t at_;
  const BmpHeader& header_;
  const std::vector<Color>& colors_;
  Image& image_;
  int64_t x_ = 0;
  int64_t y_ = 0;
};

}  // namespace

Image decode_bmp(std::string_view bytes, const ImageHeader& /*header*/, const DecodeContext& /*context*/) {
  const BmpHeader header = read_bmp_header(bytes);
  const ByteReader in(bytes, kFormat);
  const std::vector<Color> colors = read_colors(in, header);
  Image image{static_cast<int>(header.width), static_cast<int>(header.height), {}};
  const size_t stride = static_cast<size_t>(header.width) * 3;
  image.rgb.resize(stride * static_cast<size_t>(header.height));
  if (header.packing != BmpPacking::kNone) {
    for (size_t i = 0; i < image.rgb.size(); i += 3)
      std::copy(colors[0].begin(), colors[0].end(), &image.rgb[i]);
    RunLengths(bytes, header, colors, image).decode();
    return image;
  }
  for (int64_t y = 0; y < header.height; ++y) {
    const auto stored = static_cast<uint64_t>(header.is_from_top ? y : header.height - 1 - y);
    const ByteReader row(in.text(header.pixels + stored * header.row_bytes(), header.row_bytes()), kFormat);
    convert_row(row, header, colors, image.rgb.data() + static_cast<size_t>(y) * stride);
  }
  return image;
}

}  // namespace kiloword
