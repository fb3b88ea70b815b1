#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "image/byte_reader.h"
#include "image/rgba_rows.h"
#include "image/small_formats.h"
#include "image/tga_header.h"

namespace kiloword {
namespace {

constexpr std::string_view kFormat = "TGA";
constexpr std::string_view kFooter("TRUEVISION-XFILE.\0", 18);
constexpr size_t kMaxRun = 128;

using Pixel = std::array<uint8_t, 4>;  // R G B A

uint8_t five_bits(unsigned value) {
  return static_cast<uint8_t>((value & 31) * 255 / 31);
}

/// A colour of `bits` bits at `at`: blue first; 5 bits each where there are 16.
Pixel color_at(const ByteReader& in, size_t at, size_t bits) {
  if (bits <= 16) {
    const unsigned value = in.le16(at);
    return {five_bits(value >> 10), five_bits(value >> 5), five_bits(value), 255};
  }
  const uint8_t alpha = bits == 32 ? in.u8(at + 3) : uint8_t{255};
  return {in.u8(at + 2), in.u8(at + 1), in.u8(at), alpha};
}

/// Pixels in file order.
class PixelReader {
 public:
  PixelReader(std::string_view bytes, const TgaHeader& header)
      : in_(bytes, kFormat), header_(header), at_(header.pixels_at()) {
    if (header.kind != 1) return;
    const size_t entry_bytes = (header.map_bits + 7) / 8;
    for (size_t i = 0; i < header.map_length; ++i) {
      colors_.push_back(color_at(in_, header.map_at() + i * entry_bytes, header.map_bits));
    }
  }

  Pixel next() {
    if (!header_.is_packed) return read();
    if (left_ == 0) {
      const uint8_t packet = in_.u8(at_++);
      left_ = size_t{packet} % kMaxRun + 1;
      is_run_ = packet >= kMaxRun;
      if (is_run_) run_ = read();
    }
    --left_;
    return is_run_ ? run_ : read();
  }

 private:
  Pixel read() {
    const size_t at = at_;
    at_ += (header_.bits + 7) / 8;
    if (header_.kind == 2) return color_at(in_, at, header_.bits);
    if (header_.kind == 3) {
      const uint8_t grey = in_.u8(at);
      return {grey, grey, grey, header_.bits == 16 ? in_.u8(at + 1) : uint8_t{255}};
    }
    const size_t index = header_.bits == 8 ? in_.u8(at) : in_.le16(at);
    if (index < header_.map_first || index - header_.map_first >= colors_.size()) {
      throw corrupt_error(kFormat, "a colour outside of its palette");
    }
    return colors_[index - header_.map_first];
  }

  ByteReader in_;
  const TgaHeader& header_;
  size_t at_;
  std::vector<Pixel> colors_;
  size_t left_ = 0;
  bool is_run_ = false;
  Pixel run_{};
};

/// Whether pixels have an opacity. Many programs state no bits of it and write it nevertheless; those that
/// write none leave zeros.
bool has_opacity(std::string_view bytes, const TgaHeader& tga, uint64_t count) {
  if (tga.alpha_bits > 0) return true;
  PixelReader pixels(bytes, tga);
  for (uint64_t i = 0; i < count; ++i) {
    if (pixels.next()[3] != 0) return true;
  }
  return false;
}

}  // namespace

ImageHeader probe_tga(std::string_view bytes) {
  const TgaHeader tga = read_tga_header(bytes);
  ImageHeader header{kFormat};
  header.width = tga.width;
  header.height = tga.height;
  const bool has_footer =
      bytes.size() >= kFooter.size() && bytes.substr(bytes.size() - kFooter.size()) == kFooter;
  // Of packed pixels only decoding tells; a run of 128 takes at least two bytes.
  const uint64_t pixels = static_cast<uint64_t>(tga.width) * static_cast<uint64_t>(tga.height);
  const uint64_t least = tga.is_packed ? pixels / kMaxRun * 2 : pixels * ((tga.bits + 7) / 8);
  if (tga.pixels_at() > bytes.size() || least > bytes.size() - tga.pixels_at()) {
    throw has_footer ? corrupt_error(kFormat, "fewer pixels than its header states")
                     : truncated_error(kFormat);
  }
  return header;
}

Image decode_tga(std::string_view bytes, const ImageHeader& header, const DecodeContext& /*context*/) {
  const TgaHeader tga = read_tga_header(bytes);
  PixelReader pixels(bytes, tga);
  const bool opaque =
      !has_opacity(bytes, tga, static_cast<uint64_t>(header.width) * static_cast<uint64_t>(header.height));
  RgbaRows rows(header, 4, false, nullptr);
  const auto width = static_cast<size_t>(header.width);
  const auto height = static_cast<size_t>(header.height);
  std::vector<uint8_t> row(width * 4);
  for (size_t y = 0; y < height; ++y) {
    for (size_t x = 0; x < width; ++x) {
      Pixel pixel = pixels.next();
      if (opaque) pixel[3] = 255;
      std::copy(pixel.begin(), pixel.end(), row.data() + (tga.from_right ? width - 1 - x : x) * 4);
    }
    rows.put(tga.from_top ? y : height - 1 - y, row.data());
  }
  return rows.take();
}

}  // namespace kiloword
