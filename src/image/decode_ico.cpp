#include <algorithm>
#include <string>
#include <vector>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/probe_formats.h"
#include "image/rgba_rows.h"
#include "image/small_formats.h"

namespace kiloword {
namespace {

constexpr std::string_view kFormat = "ICO";
constexpr std::string_view kPngStart = "\x89PNG\r\n\x1A\n";
constexpr size_t kDirectoryBytes = 6;
constexpr size_t kEntryBytes = 16;
constexpr size_t kBitmapHeaderBytes = 40;

/// One picture of the file.
struct Entry {
  int64_t side = 0;  ///< the longer one, as the directory states
  int bits = 0;
  size_t at = 0;
  size_t bytes = 0;
};

Entry largest_entry(std::string_view bytes) {
  const ByteReader in(bytes, kFormat);
  const size_t count = in.le16(4);
  const bool is_cursor = in.u8(2) == 2;
  Entry best;
  for (size_t i = 0; i < count; ++i) {
    const size_t at = kDirectoryBytes + i * kEntryBytes;
    const auto side = [&](size_t offset) { return in.u8(offset) == 0 ? 256 : int64_t{in.u8(offset)}; };
    const Entry entry{std::max(side(at), side(at + 1)), is_cursor ? 0 : in.le16(at + 6), in.le32(at + 12),
                      in.le32(at + 8)};
    if (entry.side > best.side || (entry.side == best.side && entry.bits > best.bits)) best = entry;
  }
  if (best.side == 0) throw corrupt_error(kFormat, "no image in it");
  return best;
}

/// The bytes of the picture that is used.
std::string_view picture_of(std::string_view bytes) {
  const Entry entry = largest_entry(bytes);
  return ByteReader(bytes, kFormat).text(entry.at, entry.bytes);
}

bool is_png(std::string_view picture) {
  return picture.substr(0, kPngStart.size()) == kPngStart;
}

/// A bitmap without a file header; its height counts the mask too.
class IconBitmap {
 public:
  explicit IconBitmap(std::string_view picture) : in_(picture, kFormat) {
    if (in_.le32(0) != kBitmapHeaderBytes) throw corrupt_error(kFormat, "unknown header");
    width_ = static_cast<int32_t>(in_.le32(4));
    height_ = static_cast<int32_t>(in_.le32(8)) / 2;
    bits_ = in_.le16(14);
    if (in_.le32(16) != 0) throw unsupported_error("ICO of packed pixels is not supported");
    if (bits_ != 1 && bits_ != 4 && bits_ != 8 && bits_ != 16 && bits_ != 24 && bits_ != 32) {
      throw unsupported_error("ICO of " + std::to_string(bits_) + " bits a pixel is not supported");
    }
    const uint32_t stated = in_.le32(32);
    colors_ = bits_ > 8 ? 0 : stated == 0 ? size_t{1} << bits_ : std::min<size_t>(stated, size_t{1} << bits_);
  }

  int64_t width() const { return width_; }
  int64_t height() const { return height_; }

  Image decode(const ImageHeader& header) const {
    const auto width = static_cast<size_t>(width_);
    const auto height = static_cast<size_t>(height_);
    const size_t row_bytes = (width * bits_ + 31) / 32 * 4;
    const size_t mask_bytes = (width + 31) / 32 * 4;
    const size_t pixels = kBitmapHeaderBytes + colors_ * 4;
    const size_t mask = pixels + row_bytes * height;
    const bool is_opaque = bits_ == 32 && !has_opacity(pixels, width * height);
    const bool use_mask = (bits_ != 32 || is_opaque) && in_.has(mask, mask_bytes * height);
    RgbaRows rows(header, 4, false, nullptr);
    std::vector<uint8_t> row(width * 4);
    for (size_t y = 0; y < height; ++y) {
      const ByteReader stored(in_.text(pixels + y * row_bytes, row_bytes), kFormat);
      for (size_t x = 0; x < width; ++x) {
        write_pixel(stored, x, row.data() + x * 4);
        if (is_opaque) row[x * 4 + 3] = 255;
        if (use_mask && (in_.u8(mask + y * mask_bytes + x / 8) >> (7 - x % 8) & 1) != 0) row[x * 4 + 3] = 0;
      }
      rows.put(height - 1 - y, row.data());
    }
    return rows.take();
  }

 private:
  bool has_opacity(size_t pixels, size_t count) const {
    for (size_t i = 0; i < count; ++i) {
      if (in_.u8(pixels + i * 4 + 3) != 0) return true;
    }
    return false;
  }

  void write_pixel(const ByteReader& row, size_t x, uint8_t* rgba) const {
    if (bits_ == 16) {  // five bits each
      const unsigned value = row.le16(x * 2);
      for (size_t channel = 0; channel < 3; ++channel) {
        rgba[channel] = static_cast<uint8_t>((value >> (10 - 5 * channel) & 31) * 255 / 31);
      }
      rgba[3] = 255;
      return;
    }
    size_t at = kBitmapHeaderBytes;
    const ByteReader* source = &row;
    if (bits_ > 8) {
      at = x * (bits_ / 8);
    } else {
      const size_t first_bit = x * bits_;
      const size_t index = row.u8(first_bit / 8) >> (8 - bits_ - first_bit % 8) & ((1U << bits_) - 1);
      if (index >= colors_) throw corrupt_error(kFormat, "a colour outside of its palette");
      at += index * 4;
      source = &in_;
    }
    for (size_t channel = 0; channel < 3; ++channel) rgba[channel] = source->u8(at + 2 - channel);
    rgba[3] = bits_ == 32 ? row.u8(at + 3) : uint8_t{255};
  }

  ByteReader in_;
  int64_t width_ = 0;
  int64_t height_ = 0;
  size_t bits_ = 0;
  size_t colors_ = 0;
};

}  // namespace

ImageHeader probe_ico(std::string_view bytes) {
  const std::string_view picture = picture_of(bytes);
  ImageHeader header{kFormat};
  if (is_png(picture)) {
    const ImageHeader png = probe_png(picture);
    header.width = png.width;
    header.height = png.height;
    header.orientation = png.orientation;
  } else {
    const IconBitmap bitmap(picture);
    header.width = bitmap.width();
    header.height = bitmap.height();
  }
  return header;
}

Image decode_ico(std::string_view bytes, const ImageHeader& header, const DecodeContext& context) {
  const std::string_view picture = picture_of(bytes);
  if (is_png(picture)) return decode_png(picture, header, context);
  return IconBitmap(picture).decode(header);
}

}  // namespace kiloword
