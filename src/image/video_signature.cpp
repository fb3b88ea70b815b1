#include <array>
#include <cstddef>

#include "kiloword/image/video.h"

namespace kiloword {
namespace {

using namespace std::string_view_literals;

struct Mark {
  size_t offset;
  std::string_view bytes;
};

bool has(std::string_view start, const Mark& mark) {
  return start.size() >= mark.offset && start.substr(mark.offset, mark.bytes.size()) == mark.bytes;
}

/// Brands of ISO media files that are still images.
constexpr std::array kStillBrands{"avif"sv, "avis"sv, "hei"sv, "hev"sv, "mif1"sv, "msf1"sv, "crx "sv};

/// Of sequences of AV1 (AVIF, 6.2) and HEVC images (ISO/IEC 23008-12, B.4).
constexpr std::array kSequenceBrands{"avis"sv, "msf1"sv, "hevc"sv, "hevx"sv};

}  // namespace

bool is_video(std::string_view start) {
  if (has(start, {4, "ftyp"sv})) {
    for (const std::string_view brand : kStillBrands) {
      if (has(start, {8, brand})) return false;
    }
    return true;
  }
  constexpr std::array kMarks{
      Mark{4, "moov"sv},       Mark{4, "mdat"sv},
      Mark{4, "wide"sv},       Mark{0, "\x1A\x45\xDF\xA3"sv},  // Matroska and WebM
      Mark{8, "AVI "sv},       Mark{0, "FLV\1"sv},
      Mark{0, "OggS"sv},       Mark{0, "\0\0\1\xBA"sv},                         // MPEG program streams
      Mark{0, "\0\0\1\xB3"sv}, Mark{0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv}};  // ASF, WMV
  for (const Mark& mark : kMarks) {
    if (has(start, mark)) return true;
  }
  return false;
}

bool is_animated_webp(std::string_view start) {
  constexpr size_t kFlags = 20;  // of the VP8X chunk (WebP container specification)
  constexpr int kIsAnimated = 0x02;
  return has(start, {0, "RIFF"sv}) && has(start, {8, "WEBPVP8X"sv}) && start.size() > kFlags &&
         (start[kFlags] & kIsAnimated) != 0;
}

bool is_animation(std::string_view start) {
  for (const std::string_view brand : kSequenceBrands) {
    if (has(start, {4, "ftyp"sv}) && has(start, {8, brand})) return true;
  }
  return is_animated_webp(start) || has(start, {0, "GIF8"sv}) || has(start, {0, "\x89PNG\r\n\x1A\n"sv});
}

}  // namespace kiloword
