#include <string>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/extent.h"

namespace kiloword {
namespace {

constexpr uint32_t kInfoHeaderBytes = 40;
constexpr uint32_t kV4HeaderBytes = 108;
constexpr size_t kFileHeaderBytes = 14;
constexpr size_t kMasksEnd = kFileHeaderBytes + kInfoHeaderBytes + 12;
constexpr size_t kV4Pixels = kFileHeaderBytes + kV4HeaderBytes;
constexpr uint32_t kBitfields = 3;

/// Whether the colour masks stand behind a 40-byte header, where OpenCV 4.6 overlooks those of 32-bit pixels
/// and takes their unused byte for an opacity.
bool has_overlooked_masks(const ByteReader& in) {
  return in.le32(14) == kInfoHeaderBytes && in.le32(30) == kBitfields && in.le16(28) == 32;
}

/// The same picture under a BITMAPV4HEADER, of which the masks are a part.
std::string with_v4_header(std::string_view bytes) {
  const ByteReader in(bytes, "BMP");
  std::string out(in.text(0, kMasksEnd));
  out.resize(kV4Pixels, '\0');  // no opacity mask, no colour space
  out[10] = static_cast<char>(kV4Pixels);
  out[11] = out[12] = out[13] = 0;
  out[14] = static_cast<char>(kV4HeaderBytes);
  const size_t old_pixels = in.le32(10);
  out += in.text(old_pixels, in.size() - old_pixels);
  return out;
}

}  // namespace

Image decode_bmp(std::string_view bytes, const ImageHeader& header) {
  check_extent(bytes, header);  // before the pixels' offset is trusted
  return has_overlooked_masks(ByteReader(bytes, header.format)) ? decode_opencv(with_v4_header(bytes), header)
                                                                : decode_opencv(bytes, header);
}

}  // namespace kiloword
