#include <algorithm>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/pnm_header.h"

// Read here and not through OpenCV, which leaves 16-bit samples of a smaller maximum (10-bit video frames)
// almost black.
namespace kiloword {
namespace {

constexpr std::string_view kFormat = "PNM";

/// One picture's samples in file order, as 8 bits.
class SampleReader {
 public:
  SampleReader(std::string_view bytes, const PnmHeader& header)
      : bytes_(bytes), in_(bytes, kFormat), header_(header), at_(header.data) {}

  uint8_t next() {
    if (header_.is_bitmap) {
      return next_bit() ? 0 : 255;
    }
    const auto sample =
        static_cast<uint32_t>(header_.is_plain ? read_pnm_number(bytes_, at_) : next_binary());
    const uint32_t max = header_.max_value;
    // 16 bits keep their high byte, as everywhere here; other ranges are scaled.
    return static_cast<uint8_t>(max == 65535 ? sample >> 8 : (std::min(sample, max) * 255 + max / 2) / max);
  }

  /// Packed bits of each row start with a new byte.
  void start_row() { bits_left_ = 0; }

 private:
  int64_t next_binary() {
    const size_t count = header_.max_value > 255 ? 2 : 1;
    at_ += count;
    return static_cast<int64_t>(in_.number(at_ - count, count, /*big_endian=*/true));
  }

  bool next_bit() {
    if (header_.is_plain) {  // single digits, with or without space between them
      while (in_.u8(at_) != '0' && in_.u8(at_) != '1') {
        ++at_;
      }
      return in_.u8(at_++) == '1';
    }
    if (bits_left_ == 0) {
      bits_ = in_.u8(at_++);
      bits_left_ = 8;
    }
    return (bits_ >> --bits_left_ & 1) != 0;
  }

  std::string_view bytes_;
  ByteReader in_;
  PnmHeader header_;
  size_t at_;
  uint8_t bits_ = 0;
  int bits_left_ = 0;
};

}  // namespace

Image decode_pnm(std::string_view bytes, const ImageHeader& header, const DecodeContext& /*context*/) {
  const PnmHeader pnm = read_pnm_header(bytes);
  Image image{static_cast<int>(header.width), static_cast<int>(header.height), {}};
  image.rgb.reserve(static_cast<size_t>(image.width) * static_cast<size_t>(image.height) * 3);
  SampleReader samples(bytes, pnm);
  for (int y = 0; y < image.height; ++y) {
    samples.start_row();
    for (int x = 0; x < image.width; ++x) {
      if (pnm.channels == 1) {
        image.rgb.insert(image.rgb.end(), 3, samples.next());
      } else {
        for (int channel = 0; channel < 3; ++channel) {
          image.rgb.push_back(samples.next());
        }
      }
    }
  }
  return image;
}

}  // namespace kiloword
