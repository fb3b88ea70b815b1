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
constexpr uint16_t kTypeSignedShort = 8;
constexpr uint16_t kTypeSignedLong = 9;

/// The numbers of a TIFF, or of a BigTIFF, whose counts and offsets have 64 bits.
class TiffReader {
 public:
  explicit TiffReader(std::string_view bytes) : in_(bytes, kFormat) {
    const std::string_view order = in_.text(0, 2);
    big_endian_ = order == "MM";
    const uint64_t version = in_.number(2, 2, big_endian_);
    constexpr uint64_t kBigVersion = 43;
    is_big_ = version == kBigVersion && in_.number(4, 4, big_endian_) == (big_endian_ ? 8U << 16 : 8U);
    if ((!big_endian_ && order != "II") || (version != 42 && !is_big_)) {
      throw corrupt_error(kFormat, "no byte order mark");
    }
  }

  const ByteReader& bytes() const { return in_; }
  uint64_t number(size_t at, size_t count) const { return in_.number(at, count, big_endian_); }
  /// A count or an offset.
  uint64_t size(size_t at) const { return number(at, size_bytes()); }
  size_t size_bytes() const { return is_big_ ? 8 : 4; }
  size_t directory() const { return size(is_big_ ? 8 : 4); }
  size_t entries(size_t directory) const { return number(directory, is_big_ ? 8 : 2); }
  size_t entry(size_t directory, size_t i) const { return directory + (is_big_ ? 8 + i * 20 : 2 + i * 12); }
  size_t value_of(size_t entry) const { return entry + 4 + size_bytes(); }

 private:
  ByteReader in_;
  bool big_endian_ = false;
  bool is_big_ = false;
};

/// The first value of the directory entry at `entry`, if it is a SHORT or LONG, or one of these with a sign,
/// which some cameras and editors write. What is below 0 becomes a large number.
std::optional<uint32_t> first_value(const TiffReader& in, size_t entry) {
  const uint64_t type = in.number(entry + 2, 2);
  const uint64_t count = in.size(entry + 4);
  const bool is_short = type == kTypeShort || type == kTypeSignedShort;
  if ((!is_short && type != kTypeLong && type != kTypeSignedLong) || count == 0) {
    return std::nullopt;
  }
  const size_t value_size = is_short ? 2 : 4;
  // As many values as an offset has room for stand in the entry itself, more of them at an offset.
  const bool is_inside = count <= in.size_bytes() / value_size;
  const size_t at = is_inside ? in.value_of(entry) : in.size(in.value_of(entry));
  return static_cast<uint32_t>(in.number(at, value_size));
}

/// What the directory entry at `entry` holds, if it is a row of bytes within the file.
std::string_view bytes_of(const TiffReader& in, size_t entry) {
  const uint64_t type = in.number(entry + 2, 2);
  const uint64_t count = in.size(entry + 4);
  const size_t at = in.size(in.value_of(entry));
  const bool is_bytes = type == kTypeByte || type == kTypeUndefined;
  return is_bytes && count > in.size_bytes() && in.bytes().has(at, count) ? in.bytes().text(at, count)
                                                                          : std::string_view();
}

void set_once(std::optional<uint32_t>& slot, std::optional<uint32_t> value) {
  if (slot && value && *slot != *value) {
    throw corrupt_error(kFormat, "its size is stated twice");
  }
  slot = value;
}

}  // namespace

TiffDirectory read_tiff_directory(std::string_view bytes) {
  const TiffReader in(bytes);
  const size_t directory = in.directory();
  const size_t entries = in.entries(directory);
  TiffDirectory out;
  for (size_t i = 0; i < entries; ++i) {
    const size_t entry = in.entry(directory, i);
    switch (in.number(entry, 2)) {
      case kTagWidth:
        set_once(out.width, first_value(in, entry));
        break;
      case kTagHeight:
        set_once(out.height, first_value(in, entry));
        break;
      case kTagOrientation:
        out.orientation = first_value(in, entry);
        break;
      case kTagProfile:
        out.profile = bytes_of(in, entry);
        break;
      default:
        break;
    }
  }
  return out;
}

}  // namespace kiloword
