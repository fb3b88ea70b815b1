#include "image/probe_formats.h"

#include <algorithm>
#include <optional>
#include <string>

#include "image/bmp_header.h"
#include "image/byte_reader.h"
#include "image/jpeg2000_header.h"
#include "image/orientation.h"
#include "image/png_chunks.h"
#include "image/pnm_header.h"
#include "image/tiff_directory.h"

namespace kiloword {
namespace {

constexpr std::string_view kXmpPrefix("http://ns.adobe.com/xap/1.0/\0", 29);

/// As Pillow has it: an eXIf chunk counts more than a raw profile, and that more than XMP.
int png_orientation(std::string_view bytes) {
  std::optional<int> of_profile;
  std::optional<int> of_xmp;
  int texts_left = kMaxPngTexts;
  PngChunks chunks(bytes);
  while (chunks.next()) {
    if (chunks.type() == "eXIf") {
      if (const auto orientation = exif_orientation(chunks.data())) return *orientation;
    }
    if (const std::optional<PngText> text = read_png_text(chunks, texts_left)) {
      std::optional<int>& slot = text->keyword == "XML:com.adobe.xmp" ? of_xmp : of_profile;
      if (!slot) slot = &slot == &of_xmp ? xmp_orientation(text->text) : raw_profile_orientation(text->text);
    }
  }
  return of_profile ? *of_profile : of_xmp.value_or(1);
}

}  // namespace

// ITU-T T.81, annex B; EXIF 2.3, section 4.7.2.
ImageHeader probe_jpeg(std::string_view bytes) {
  const ByteReader in(bytes, "JPEG");
  ImageHeader header{"JPEG"};
  std::optional<int> of_exif;
  std::optional<int> of_xmp;
  size_t at = 2;
  while (true) {
    // Garbage between segments is skipped, as libjpeg does.
    while (in.u8(at) != 0xFF) {
      ++at;
    }
    while (in.u8(at) == 0xFF) {
      ++at;
    }
    const uint8_t marker = in.u8(at++);
    const bool is_standalone = marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD8);
    if (is_standalone) {
      continue;
    }
    if (marker == 0xD9 || marker == 0xDA) {
      throw corrupt_error(header.format, "no frame header");
    }
    if (marker == 0xF7) {  // SOF55 of ITU-T T.87
      throw unsupported_error("JPEG-LS images are not supported");
    }
    const size_t length = in.be16(at);
    if (length < 2) {
      throw corrupt_error(header.format, "segment shorter than its own length");
    }
    const bool is_frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (is_frame) {
      header.height = in.be16(at + 3);
      header.width = in.be16(at + 5);
      header.orientation = of_exif ? *of_exif : of_xmp.value_or(1);
      return header;
    }
    const std::string_view segment = in.text(at + 2, length - 2);
    if (marker == 0xE1 && !of_exif && segment.substr(0, 6) == std::string_view("Exif\0\0", 6)) {
      of_exif = exif_orientation(segment);
    } else if (marker == 0xE1 && !of_xmp && segment.substr(0, kXmpPrefix.size()) == kXmpPrefix) {
      of_xmp = xmp_orientation(segment);
    }
    at += length;
  }
}

// PNG specification (third edition), section 5.
ImageHeader probe_png(std::string_view bytes) {
  const ByteReader in(bytes, "PNG");
  ImageHeader header{"PNG"};
  if (in.be32(8) != 13 || in.text(12, 4) != "IHDR") {
    throw corrupt_error(header.format, "no IHDR chunk at its start");
  }
  header.width = in.be32(16);
  header.height = in.be32(20);
  header.orientation = png_orientation(bytes);
  return header;
}

// GIF89a specification, sections 18 to 23. A first frame that reaches over the logical screen widens it.
ImageHeader probe_gif(std::string_view bytes) {
  const ByteReader in(bytes, "GIF");
  ImageHeader header{"GIF"};
  header.width = in.le16(6);
  header.height = in.le16(8);
  const uint8_t flags = in.u8(10);
  size_t at = 13 + ((flags & 0x80) != 0 ? size_t{3} << ((flags & 7) + 1) : 0);
  while (in.u8(at) == 0x21) {  // extensions: a label, then blocks up to one of no length
    at += 2;
    while (in.u8(at) != 0) {
      at += in.u8(at) + size_t{1};
    }
    ++at;
  }
  if (in.u8(at) != 0x2C) {
    throw corrupt_error(header.format, "no image in it");
  }
  header.width = std::max<int64_t>(header.width, in.le16(at + 1) + int64_t{in.le16(at + 5)});
  header.height = std::max<int64_t>(header.height, in.le16(at + 3) + int64_t{in.le16(at + 7)});
  return header;
}

ImageHeader probe_bmp(std::string_view bytes) {
  const BmpHeader bmp = read_bmp_size(bytes);
  ImageHeader header{"BMP"};
  header.width = bmp.width;
  header.height = bmp.height;
  return header;
}

ImageHeader probe_tiff(std::string_view bytes) {
  const TiffDirectory directory = read_tiff_directory(bytes);
  ImageHeader header{"TIFF"};
  header.width = directory.width.value_or(0);
  header.height = directory.height.value_or(0);
  const uint32_t orientation = directory.orientation.value_or(1);
  header.orientation = orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 1;
  return header;
}

ImageHeader probe_jpeg2000(std::string_view bytes) {
  const Jpeg2000Header jpeg2000 = read_jpeg2000_header(bytes);
  ImageHeader header{"JPEG 2000"};
  header.width = jpeg2000.width;
  header.height = jpeg2000.height;
  return header;
}

ImageHeader probe_pnm(std::string_view bytes) {
  const PnmHeader pnm = read_pnm_header(bytes);
  ImageHeader header{"PNM"};
  header.width = pnm.width;
  header.height = pnm.height;
  return header;
}

ImageHeader probe_sun_raster(std::string_view bytes) {
  const ByteReader in(bytes, "Sun raster");
  ImageHeader header{"Sun raster"};
  header.width = in.be32(4);
  header.height = in.be32(8);
  return header;
}

}  // namespace kiloword
