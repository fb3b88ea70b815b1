#include "kiloword/image/probe.h"

#include <string>

#include "image/byte_reader.h"
#include "image/document.h"
#include "image/optional_codecs.h"
#include "image/probe_formats.h"
#include "image/raw_signature.h"
#include "image/small_formats.h"

namespace kiloword {
namespace {

struct Signature {
  size_t offset;
  std::string_view bytes;
  ImageHeader (*probe)(std::string_view);
};

using namespace std::string_view_literals;

/// Most cameras' raw files are TIFFs.
ImageHeader probe_tiff_or_raw(std::string_view bytes) {
  return is_raw_tiff(bytes) ? probe_raw(bytes) : probe_tiff(bytes);
}

constexpr Signature kSupported[] = {
    {0, "\xFF\xD8\xFF"sv, probe_jpeg},
    {0, "\x89PNG\r\n\x1A\n"sv, probe_png},
    {0, "GIF87a"sv, probe_gif},
    {0, "GIF89a"sv, probe_gif},
    {8, "WEBP"sv, probe_webp},
    {0, "BM"sv, probe_bmp},
    {0, "II*\0"sv, probe_tiff_or_raw},
    {0, "MM\0*"sv, probe_tiff_or_raw},
    {0, "\0\0\0\x0CjP  \r\n\x87\n"sv, probe_jpeg2000},
    {0, "\xFF\x4F\xFF\x51"sv, probe_jpeg2000},
    {0, "P1"sv, probe_pnm},
    {0, "P2"sv, probe_pnm},
    {0, "P3"sv, probe_pnm},
    {0, "P4"sv, probe_pnm},
    {0, "P5"sv, probe_pnm},
    {0, "P6"sv, probe_pnm},
    {0, "P7"sv, probe_pam},
    {0, "\x59\xA6\x6A\x95"sv, probe_sun_raster},
    {4, "ftypavif"sv, probe_heif},
    {4, "ftypavis"sv, probe_heif},
    {4, "ftyphei"sv, probe_heif},
    {4, "ftyphev"sv, probe_heif},
    {4, "ftypmif1"sv, probe_heif},
    {4, "ftypmsf1"sv, probe_heif},
    {0, "\0\0\0\x0CJXL \r\n\x87\n"sv, probe_jxl},
    {0, "\xFF\x0A"sv, probe_jxl},
    {4, "ftypcrx "sv, probe_raw},              // Canon's CR3
    {0, "FUJIFILMCCD-RAW"sv, probe_raw},       // RAF
    {0, "II\x1A\0\0\0HEAPCCDR"sv, probe_raw},  // Canon's CRW
    {0, "IIU\0"sv, probe_raw},                 // Panasonic's RW2
    {0, "IIRO"sv, probe_raw},                  // Olympus' ORF
    {0, "IIRS"sv, probe_raw},
    {0, "MMOR"sv, probe_raw},
    {0, "FOVb"sv, probe_raw},   // Sigma's X3F
    {0, "\0MRM"sv, probe_raw},  // Minolta's MRW
};

// Told apart by more than constant bytes, where those above do not match.
constexpr Signature kIcon{0, ""sv, probe_ico};
constexpr Signature kTga{0, ""sv, probe_tga};

/// Formats that are told apart only to say so.
struct UnsupportedSignature {
  size_t offset;
  std::string_view bytes;
  std::string_view name;
};

constexpr UnsupportedSignature kUnsupported[] = {
    {4, "ftyp"sv, "videos are"},
    {0, "\x1A\x45\xDF\xA3"sv, "videos are"},
    {0, "II+\0"sv, "BigTIFF images are"},
    {0, "MM\0+"sv, "BigTIFF images are"},
    {0, "\x76\x2F\x31\x01"sv, "OpenEXR images are"},
    {0, "#?RADIANCE"sv, "Radiance HDR images are"},
    {0, "#?RGBE"sv, "Radiance HDR images are"},
    {0, "PF"sv, "floating-point PFM images are"},
    {0, "Pf"sv, "floating-point PFM images are"},
    {0, "8BPS"sv, "Photoshop images are"},
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
  if (is_icon(bytes)) return kIcon;
  for (const UnsupportedSignature& signature : kUnsupported) {
    if (matches(bytes, signature)) {
      throw unsupported_error(std::string(signature.name) + " not supported");
    }
  }
  if (is_tga(bytes)) return kTga;
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
  if (!document_kind(start)) supported_signature(start);
}

}  // namespace kiloword
