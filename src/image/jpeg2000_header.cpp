#include "image/jpeg2000_header.h"

#include <algorithm>

#include "image/byte_reader.h"

namespace kiloword {
namespace {

constexpr std::string_view kFormat = "JPEG 2000";
constexpr uint32_t kStart = 0xFF4FFF51;  // SOC and SIZ markers

/// The first colour specification of a JP2 header box, if it is an ICC profile of the restricted kind.
std::string_view profile_in(std::string_view boxes) {
  constexpr size_t kBoxHeader = 8;
  constexpr size_t kColorHeader = 3;
  constexpr uint8_t kRestrictedProfile = 2;
  const ByteReader in(boxes, kFormat);
  for (size_t at = 0; in.has(at, kBoxHeader);) {
    const size_t length = in.be32(at);
    if (length < kBoxHeader || !in.has(at, length)) break;
    if (in.text(at + 4, 4) == "colr") {
      const bool is_profile =
          length > kBoxHeader + kColorHeader && in.u8(at + kBoxHeader) == kRestrictedProfile;
      return is_profile ? boxes.substr(at + kBoxHeader + kColorHeader, length - kBoxHeader - kColorHeader)
                        : std::string_view();
    }
    at += length;
  }
  return {};
}

/// Where the code stream begins; `profile` is filled in from the boxes before it.
size_t find_code_stream(const ByteReader& in, std::string_view bytes, std::string_view& profile) {
  size_t at = 0;
  while (in.be32(at) != kStart) {  // boxes, if it is not a bare code stream
    uint64_t length = in.be32(at);
    const size_t box_header = length == 1 ? 16 : 8;
    const std::string_view kind = in.text(at + 4, 4);
    if (kind == "jp2c") {
      at += box_header;
      if (in.be32(at) != kStart) throw corrupt_error(kFormat, "no code stream");
      break;
    }
    if (length == 1) length = in.be64(at + 8);
    if (length < box_header || !in.has(at, length)) throw corrupt_error(kFormat, "no code stream");
    if (kind == "jp2h") profile = profile_in(bytes.substr(at + box_header, length - box_header));
    at += length;
  }
  return at;
}

}  // namespace

Jpeg2000Header read_jpeg2000_header(std::string_view bytes) {
  const ByteReader in(bytes, kFormat);
  Jpeg2000Header header;
  const size_t size = find_code_stream(in, bytes, header.profile) + 8;
  header.width = int64_t{in.be32(size)} - int64_t{in.be32(size + 8)};
  header.height = int64_t{in.be32(size + 4)} - int64_t{in.be32(size + 12)};
  const auto tiles_of = [&](size_t side) -> uint64_t {
    const uint64_t tile = std::max<uint64_t>(in.be32(size + 16 + side), 1);
    const uint64_t first = in.be32(size + 24 + side);
    const uint64_t end = in.be32(size + side);
    return end <= first ? 0 : (end - first + tile - 1) / tile;
  };
  const uint64_t across = tiles_of(0);
  const uint64_t down = tiles_of(4);
  header.tiles = across * down;  // each is below 2^32
  header.components = in.be16(size + 32);
  return header;
}

}  // namespace kiloword
