#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "image/byte_reader.h"
#include "image/rgba_rows.h"
#include "image/small_formats.h"

// Truevision TGA File Format Specification 2.0.
namespace kiloword {
namespace {

constexpr std::string_view kFormat = "TGA";
constexpr size_t kHeaderBytes = 18;
constexpr std::string_view kFooter("TRUEVISION-XFILE.\0", 18);
constexpr size_t kMaxRun = 128;

struct TgaHeader {
  size_t id_bytes = 0;
  bool has_map = false;
  int kind = 0;  ///< 1 palette, 2 colour, 3 grey
  bool is_packed = false;
  size_t map_first = 0;
  size_t map_length = 0;
  size_t map_bits = 0;
  int64_t width = 0;
  int64_t height = 0;
  size_t bits = 0;  ///< a pixel
  size_t alpha_bits = 0;
  bool from_right = false;
  bool from_top = false;

  size_t map_at() const { return kHeaderBytes + id_bytes; }
  size_t pixels_at() const { return map_at() + (has_map ? map_length * ((map_bits + 7) / 8) : 0); }
};

TgaHeader read_header(std::string_view bytes) {
  const ByteReader in(bytes, kFormat);
  TgaHeader header;
  header.id_bytes = in.u8(0);
  header.has_map = in.u8(1) == 1;
  header.kind = in.u8(2) & 7;
  header.is_packed = (in.u8(2) & 8) != 0;
  header.map_first = in.le16(3);
  header.map_length = in.le16(5);
  header.map_bits = in.u8(7);
  header.width = in.le16(12);
  header.height = in.le16(14);
  header.bits = in.u8(16);
  header.alpha_bits = in.u8(17) & 15;
  header.from_right = (in.u8(17) & 0x10) != 0;
  header.from_top = (in.u8(17) & 0x20) != 0;
  return header;
}

bool is_color_depth(size_t bits) {
  return bits == 15 || bits == 16 || bits == 24 || bits == 32;
}

/// Whether every field has one of the few values that the format knows.
bool fits_together(const TgaHeader& header) {
  if (header.width == 0 || header.height == 0 || header.alpha_bits > 8) return false;
  if (header.kind == 1) {
    return header.has_map && header.map_length > 0 && is_color_depth(header.map_bits) &&
           (header.bits == 8 || header.bits == 16);
  }
  const bool has_no_map = !header.has_map && header.map_length == 0 && header.map_first == 0;
  if (header.kind == 2) return is_color_depth(header.bits) && (header.has_map || has_no_map);
  return header.kind == 3 && (header.bits == 8 || header.bits == 16) && has_no_map;
}

using Pixel = std::array<uint8_t, 4>;  // R G B A

uint8_t five_bits(unsigned value) {
  return static_cast<uint8_t>((value & 31) * 255 / 31);
}

/// A colour of `bits` bits at `at`: blue first; 5 bits each where there are 16.
Pixel color_at(const ByteReader& in, size_t at, size_t bits, bool has_alpha) {
  if (bits <= 16) {
    const unsigned value = in.le16(at);
    return {five_bits(value >> 10), five_bits(value >> 5), five_bits(value), 255};
  }
  const uint8_t alpha = bits == 32 && has_alpha ? in.u8(at + 3) : uint8_t{255};
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
      colors_.push_back(
          color_at(in_, header.map_at() + i * entry_bytes, header.map_bits, header.alpha_bits > 0));
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
    if (header_.kind == 2) return color_at(in_, at, header_.bits, header_.alpha_bits > 0);
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

}  // namespace

bool is_tga(std::string_view start) {
  if (start.size() < kHeaderBytes) return false;
  const uint8_t map = static_cast<uint8_t>(start[1]);
  const uint8_t kind = static_cast<uint8_t>(start[2]);
  const bool is_known = map <= 1 && (kind & ~8U) >= 1 && (kind & ~8U) <= 3;
  return is_known && (static_cast<uint8_t>(start[17]) & 0xC0) == 0 && fits_together(read_header(start));
}

ImageHeader probe_tga(std::string_view bytes) {
  const TgaHeader tga = read_header(bytes);
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
  const TgaHeader tga = read_header(bytes);
  PixelReader pixels(bytes, tga);
  RgbaRows rows(header, 4, false, nullptr);
  const auto width = static_cast<size_t>(header.width);
  const auto height = static_cast<size_t>(header.height);
  std::vector<uint8_t> row(width * 4);
  for (size_t y = 0; y < height; ++y) {
    for (size_t x = 0; x < width; ++x) {
      const Pixel pixel = pixels.next();
      std::copy(pixel.begin(), pixel.end(), row.data() + (tga.from_right ? width - 1 - x : x) * 4);
    }
    rows.put(tga.from_top ? y : height - 1 - y, row.data());
  }
  return rows.take();
}

}  // namespace kiloword
