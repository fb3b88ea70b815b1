#include "image/png_rows.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "image/byte_reader.h"
#include "image/pixels.h"
#include "image/png_chunks.h"

// PNG specification (third edition), sections 7, 9 and 11.
namespace kiloword {
namespace {

constexpr std::string_view kFormat = "PNG";
constexpr size_t kHeaderEnd = 33;  // signature and IHDR chunk
constexpr unsigned kPaletteType = 3;
constexpr size_t kBlockPixels = 4096;

/// What the chunks before the pixels say of them.
struct Layout {
  unsigned bits = 0;  ///< a sample
  unsigned type = 0;  ///< bit 0: palette, bit 1: colours, bit 2: opacity
  std::string_view palette;
  std::string_view transparency;

  bool has_palette() const { return type == kPaletteType; }
  bool is_grey() const { return (type & 2U) == 0; }
  size_t colors() const { return is_grey() || has_palette() ? 1 : 3; }
  size_t samples() const { return colors() + ((type & 4U) != 0 ? 1 : 0); }
};

Layout read_layout(std::string_view bytes) {
  const ByteReader in(bytes, kFormat);
  Layout layout;
  layout.bits = in.u8(24);
  layout.type = in.u8(25);
  const bool is_power = layout.bits == 1 || layout.bits == 2 || layout.bits == 4 || layout.bits == 8;
  const bool is_known =
      layout.type == 0 || layout.type == 2 || layout.type == 3 || layout.type == 4 || layout.type == 6;
  const bool fits = is_power ? layout.bits == 8 || layout.type == 0 || layout.has_palette()
                             : layout.bits == 16 && !layout.has_palette();
  if (!is_known || !fits || in.u8(26) != 0 || in.u8(27) != 0)
    throw corrupt_error(kFormat, "Invalid IHDR data");
  PngChunks chunks(bytes);
  while (chunks.next() && chunks.type() != "IDAT") {
    if (chunks.type() == "PLTE") layout.palette = chunks.data();
    if (chunks.type() == "tRNS") layout.transparency = chunks.data();
  }
  if (layout.has_palette() && layout.palette.size() < 3) throw corrupt_error(kFormat, "no palette");
  return layout;
}

/// The bytes that the IDAT chunks unpack to, one after the other.
class PixelStream {
 public:
  explicit PixelStream(std::string_view bytes) : bytes_(bytes), chunks_(bytes) {
    if (inflateInit(&zlib_) != Z_OK) throw std::bad_alloc();
  }
  PixelStream(const PixelStream&) = delete;
  PixelStream& operator=(const PixelStream&) = delete;
  ~PixelStream() { inflateEnd(&zlib_); }

  uint8_t next() {
    if (at_ == end_) fill();
    return buffer_[at_++];
  }

 private:
  void fill() {
    at_ = end_ = 0;
    while (end_ == 0) {
      if (zlib_.avail_in == 0) next_chunk();
      zlib_.next_out = buffer_.data();
      zlib_.avail_out = static_cast<uInt>(buffer_.size());
      const int result = inflate(&zlib_, Z_NO_FLUSH);
      end_ = buffer_.size() - zlib_.avail_out;
      if (result == Z_STREAM_END && end_ == 0) throw corrupt_error(kFormat, "Not enough image data");
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
        throw corrupt_error(kFormat,
                            std::string("IDAT: ") + (zlib_.msg != nullptr ? zlib_.msg : "zlib error"));
      }
    }
  }

  void next_chunk() {
    do {
      if (!chunks_.next()) throw truncated_error(kFormat);
      if (chunks_.type() == "IEND") throw corrupt_error(kFormat, "Not enough image data");
    } while (chunks_.type() != "IDAT" || chunks_.data().empty());
    const std::string_view data = chunks_.data();
    const auto* const start = reinterpret_cast<const Bytef*>(chunks_.type().data());
    const auto end = static_cast<size_t>(data.data() - bytes_.data()) + data.size();
    if (crc32(0, start, static_cast<uInt>(data.size() + 4)) != ByteReader(bytes_, kFormat).be32(end)) {
      throw corrupt_error(kFormat, "IDAT: CRC error");
    }
    // zlib reads from it only, and has no type for that.
    zlib_.next_in = const_cast<Bytef*>(start + 4);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    zlib_.avail_in = static_cast<uInt>(data.size());
  }

  std::string_view bytes_;
  PngChunks chunks_;
  z_stream zlib_{};
  std::array<uint8_t, 1 << 16> buffer_{};
  size_t at_ = 0;
  size_t end_ = 0;
};

/// Pixels to sRGB over white, some thousands at a time.
class PixelWriter {
 public:
  PixelWriter(const Layout& layout, const DecodeContext& context, Image& image)
      : layout_(layout),
        transform_(context.transform(layout.is_grey() ? ColorSpace::kGrey : ColorSpace::kRgb)),
        image_(image) {}

  /// `sample`: layout.samples() numbers of layout.bits bits.
  void add(const unsigned* sample) {
    const size_t colors = layout_.colors();
    if (layout_.has_palette()) {
      const size_t index = sample[0];
      if (index * 3 + 2 >= layout_.palette.size())
        throw corrupt_error(kFormat, "an index outside of its palette");
      for (size_t k = 0; k < 3; ++k) colors_.push_back(static_cast<uint8_t>(layout_.palette[index * 3 + k]));
      opacity_.push_back(
          index < layout_.transparency.size() ? static_cast<uint8_t>(layout_.transparency[index]) : 255);
    } else {
      for (size_t k = 0; k < colors; ++k) colors_.push_back(to_byte(sample[k]));
      opacity_.push_back(layout_.samples() > colors ? to_byte(sample[colors]) : is_key(sample) ? 0 : 255);
    }
    if (opacity_.size() == kBlockPixels) flush();
  }

  void flush() {
    const size_t begin = image_.rgb.size();
    const size_t pixels = opacity_.size();
    image_.rgb.resize(begin + pixels * 3);
    uint8_t* rgb = image_.rgb.data() + begin;
    const size_t step = colors_.size() == pixels ? 0 : 1;  // grey has one sample for all three
    if (transform_ && pixels > 0) {
      transform_->apply(colors_.data(), rgb, pixels);
    } else {
      for (size_t i = 0; i < pixels * 3; ++i) rgb[i] = colors_[step == 0 ? i / 3 : i];
    }
    for (size_t i = 0; i < pixels * 3; ++i) rgb[i] = over_white(rgb[i], opacity_[i / 3]);
    colors_.clear();
    opacity_.clear();
  }

 private:
  uint8_t to_byte(unsigned sample) const {
    if (layout_.bits == 16) return static_cast<uint8_t>(sample >> 8);
    return static_cast<uint8_t>(sample * 255 / ((1U << layout_.bits) - 1));
  }

  /// Whether it is the one colour that is transparent.
  bool is_key(const unsigned* sample) const {
    if (layout_.transparency.size() < layout_.colors() * 2) return false;
    const ByteReader key(layout_.transparency, kFormat);
    for (size_t k = 0; k < layout_.colors(); ++k) {
      if (sample[k] != (key.be16(k * 2) & ((1U << layout_.bits) - 1))) return false;
    }
    return true;
  }

  const Layout& layout_;
  std::shared_ptr<const ColorTransform> transform_;
  Image& image_;
  std::vector<uint8_t> colors_;
  std::vector<uint8_t> opacity_;
};

uint8_t predicted(unsigned filter, int left, int above, int above_left) {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return static_cast<uint8_t>(left);
    case 2:
      return static_cast<uint8_t>(above);
    case 3:
      return static_cast<uint8_t>((left + above) / 2);
    case 4: {
      const int by_left = std::abs(above - above_left);
      const int by_above = std::abs(left - above_left);
      const int by_both = std::abs(left + above - 2 * above_left);
      if (by_left <= by_above && by_left <= by_both) return static_cast<uint8_t>(left);
      return static_cast<uint8_t>(by_above <= by_both ? above : above_left);
    }
    default:
      throw corrupt_error(kFormat, "bad adaptive filter value");
  }
}

/// Takes rows apart. `above` holds the row before, and then this one; it is empty where there is one row
/// only.
class RowReader {
 public:
  RowReader(PixelStream& stream, const Layout& layout, PixelWriter& writer)
      : stream_(stream),
        layout_(layout),
        writer_(writer),
        pixel_bytes_(std::max<size_t>(layout.samples() * layout.bits / 8, 1)) {}

  void read(size_t width, std::vector<uint8_t>& above) {
    const unsigned filter = stream_.next();
    std::array<uint8_t, 8> left{};
    std::array<uint8_t, 8> above_left{};
    const size_t row_bytes = (width * layout_.samples() * layout_.bits + 7) / 8;
    size_t k = 0;
    for (size_t i = 0; i < row_bytes; ++i) {
      const uint8_t up = above.empty() ? uint8_t{0} : above[i];
      left[k] = static_cast<uint8_t>(stream_.next() + predicted(filter, left[k], up, above_left[k]));
      above_left[k] = up;
      if (!above.empty()) above[i] = left[k];
      if (++k < pixel_bytes_) continue;
      k = 0;
      add(left, std::min<size_t>(width - i * 8 / bits_of_pixel(), 8));
    }
  }

 private:
  size_t bits_of_pixel() const { return layout_.samples() * layout_.bits; }

  /// One pixel, or of small ones those in a byte, at most `most`.
  void add(const std::array<uint8_t, 8>& bytes, size_t most) {
    std::array<unsigned, 4> sample{};
    if (layout_.bits >= 8) {
      for (size_t s = 0; s < layout_.samples(); ++s) {
        sample[s] = layout_.bits == 8 ? bytes[s] : unsigned{bytes[s * 2]} << 8 | bytes[s * 2 + 1];
      }
      writer_.add(sample.data());
      return;
    }
    for (size_t s = 0; s < std::min<size_t>(most, 8 / layout_.bits); ++s) {
      sample[0] = unsigned{bytes[0]} >> (8 - layout_.bits * (s + 1)) & ((1U << layout_.bits) - 1);
      writer_.add(sample.data());
    }
  }

  PixelStream& stream_;
  const Layout& layout_;
  PixelWriter& writer_;
  size_t pixel_bytes_;
};

}  // namespace

bool has_png_rows(std::string_view bytes) {
  return bytes.size() >= kHeaderEnd && bytes[28] == 0;
}

Image decode_png_rows(std::string_view bytes, const ImageHeader& header, const DecodeContext& context) {
  const Layout layout = read_layout(bytes);
  const auto width = static_cast<size_t>(header.width);
  const auto height = static_cast<size_t>(header.height);
  const size_t row_bytes = height > 1 ? (width * layout.samples() * layout.bits + 7) / 8 : 0;
  context.check_memory(static_cast<uint64_t>(width) * height * 3 + row_bytes, header);
  Image image{static_cast<int>(header.width), static_cast<int>(header.height), {}};
  image.rgb.reserve(width * height * 3);
  PixelStream stream(bytes);
  PixelWriter writer(layout, context, image);
  RowReader reader(stream, layout, writer);
  std::vector<uint8_t> above(row_bytes);
  for (size_t y = 0; y < height; ++y) reader.read(width, above);
  writer.flush();
  return image;
}

}  // namespace kiloword
