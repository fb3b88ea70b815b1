#include "image/tiff_directory.h"

#include "image/byte_reader.h"

namespace kiloword {
namespace {

constexpr std::string_view kFormat = "TIFF";
constexpr uint16_t kTagWidth = 256;
constexpr uint16_t kTagHeight = 257;
constexpr uint16_t kTagOrientation = 274;
constexpr uint16_t kTagProfile = 34675;
constexpr uint16_t kTypeByte = 1;
constexpr uint16_t kTypeShort = 3;
constexpr uint16_t kTypeLong = 4;
constexpr uint16_t kTypeUndefined = 7;
constexpr size_t kEntrySize = 12;

/// The first value of the directory entry at `entry`, if it is a SHORT or LONG.
std::optional<uint32_t> first_value(const ByteReader& in, size_t entry, bool big_endian) {
  const uint64_t type = in.number(entry + 2, 2, big_endian);
  const uint64_t count = in.number(entry + 4, 4, big_endian);
  if ((type != kTypeShort && type != kTypeLong) || count == 0) {
    return std::nullopt;
  }
  const size_t value_size = type == kTypeShort ? 2 : 4;
  // Up to four bytes of values stand in the entry itself, more of them at an offset.
  const size_t at = count * value_size <= 4 ? entry + 8 : in.number(entry + 8, 4, big_endian);
  return static_cast<uint32_t>(in.number(at, value_size, big_endian));
}

/// What the directory entry at `entry` holds, if it is a row of bytes within the file.
std::string_view bytes_of(const ByteReader& in, size_t entry, bool big_endian) {
  const uint64_t type = in.number(entry + 2, 2, big_endian);
  const uint64_t count = in.number(entry + 4, 4, big_endian);
  const size_t at = in.number(entry + 8, 4, big_endian);
  const bool is_bytes = type == kTypeByte || type == kTypeUndefined;
  return is_bytes && count > 4 && in.has(at, count) ? in.text(at, count) : std::string_view();
}

void set_once(std::optional<uint32_t>& slot, std::optional<uint32_t> value) {
  if (slot && value && *slot != *value) {
    throw corrupt_error(kFormat, "its size is stated twice");
  }
  slot = value;
}

}  // namespace

TiffDirectory read_tiff_directory(std::string_view bytes) {
  const ByteReader in(bytes, kFormat);
  const std::string_view order = in.text(0, 2);
  const bool big_endian = order == "MM";
  if ((!big_endian && order != "II") || in.number(2, 2, big_endian) != 42) {
    throw corrupt_error(kFormat, "no byte order mark");
  }
  const size_t directory = in.number(4, 4, big_endian);
  const size_t entries = in.number(directory, 2, big_endian);
  TiffDirectory out;
  for (size_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + i * kEntrySize;
    switch (in.number(entry, 2, big_endian)) {
      case kTagWidth:
        set_once(out.width, first_value(in, entry, big_endian));
        break;
      case kTagHeight:
        set_once(out.height, first_value(in, entry, big_endian));
        break;
      case kTagOrientation:
        out.orientation = first_value(in, entry, big_endian);
        break;
      case kTagProfile:
        out.profile = bytes_of(in, entry, big_endian);
        break;
      default:
        break;
    }
  }
  return out;
}

}  // namespace kiloword
