#include "kiloword/image/probe.h"

#include <string>

#include "image/byte_reader.h"
#include "image/probe_formats.h"

namespace kiloword {
namespace {

struct Signature {
  size_t offset;
  std::string_view bytes;
  ImageHeader (*probe)(std::string_view);
};

using namespace std::string_view_literals;

constexpr Signature kSupported[] = {
    {0, "\xFF\xD8\xFF"sv, probe_jpeg},
    {0, "\x89PNG\r\n\x1A\n"sv, probe_png},
    {0, "GIF87a"sv, probe_gif},
    {0, "GIF89a"sv, probe_gif},
    {8, "WEBP"sv, probe_webp},
    {0, "BM"sv, probe_bmp},
    {0, "II*\0"sv, probe_tiff},
    {0, "MM\0*"sv, probe_tiff},
    {0, "II+\0"sv, probe_tiff},
    {0, "MM\0+"sv, probe_tiff},
    {0, "\0\0\0\x0CjP  \r\n\x87\n"sv, probe_jpeg2000},
    {0, "\xFF\x4F\xFF\x51"sv, probe_jpeg2000},
    {0, "P1"sv, probe_pnm},
    {0, "P2"sv, probe_pnm},
    {0, "P3"sv, probe_pnm},
    {0, "P4"sv, probe_pnm},
    {0, "P5"sv, probe_pnm},
    {0, "P6"sv, probe_pnm},
    {0, "\x59\xA6\x6A\x95"sv, probe_sun_raster},
};

/// Formats that are told apart only to say so.
struct UnsupportedSignature {
  size_t offset;
  std::string_view bytes;
  std::string_view name;
};

constexpr UnsupportedSignature kUnsupported[] = {
    {4, "ftypavif"sv, "AVIF images are"},
    {4, "ftypavis"sv, "AVIF images are"},
    {4, "ftyphei"sv, "HEIC images are"},
    {4, "ftyphev"sv, "HEIC images are"},
    {4, "ftypmif1"sv, "HEIF images are"},
    {4, "ftypmsf1"sv, "HEIF images are"},
    {4, "ftyp"sv, "videos are"},
    {0, "\x1A\x45\xDF\xA3"sv, "videos are"},
    {0, "\0\0\0\x0CJXL \r\n\x87\n"sv, "JPEG XL images are"},
    {0, "\xFF\x0A"sv, "JPEG XL images are"},
    {0, "\x76\x2F\x31\x01"sv, "OpenEXR images are"},
    {0, "#?RADIANCE"sv, "Radiance HDR images are"},
    {0, "#?RGBE"sv, "Radiance HDR images are"},
    {0, "PF"sv, "floating-point PFM images are"},
    {0, "Pf"sv, "floating-point PFM images are"},
    {0, "P7"sv, "PAM images are"},
    {0, "\0\0\1\0"sv, "icons are"},
    {0, "8BPS"sv, "Photoshop images are"},
    {0, "%PDF"sv, "PDF documents are"},
    {0, "<svg"sv, "SVG drawings are"},
};

template <typename S>
bool matches(std::string_view bytes, const S& signature) {
  return bytes.size() >= signature.offset + signature.bytes.size() &&
         bytes.substr(signature.offset, signature.bytes.size()) == signature.bytes;
}

/// Of the format that `bytes` begin like; throws where there is none.
const Signature& supported_signature(std::string_view bytes) {
  if (bytes.empty()) {
    throw Error(ErrorKind::kInput, "empty file", "", "give an image file");
  }
  for (const Signature& signature : kSupported) {
    if (matches(bytes, signature)) return signature;
  }
  for (const UnsupportedSignature& signature : kUnsupported) {
    if (matches(bytes, signature)) {
      throw unsupported_error(std::string(signature.name) + " not supported");
    }
  }
  throw not_an_image_error();
}

}  // namespace

ImageHeader probe_image(std::string_view bytes) {
  const ImageHeader header = supported_signature(bytes).probe(bytes);
  if (header.width < 1 || header.height < 1) {
    throw corrupt_error(header.format, "an image of " + std::to_string(header.width) + " x " +
                                           std::to_string(header.height) + " pixels");
  }
  return header;
}

void check_signature(std::string_view start) {
  supported_signature(start);
}

}  // namespace kiloword
