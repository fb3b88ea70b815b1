#include "image/signature.h"

#include <cstddef>
#include <string>

#include "image/byte_reader.h"
#include "image/document.h"
#include "image/tga_header.h"
#include "kiloword/image/probe.h"

namespace kiloword {
namespace {

using namespace std::string_view_literals;

struct Signature {
  size_t offset;
  std::string_view bytes;
  FileFormat format;
};

constexpr Signature kSupported[] = {
    {0, "\xFF\xD8\xFF"sv, FileFormat::kJpeg},
    {0, "\x89PNG\r\n\x1A\n"sv, FileFormat::kPng},
    {0, "GIF87a"sv, FileFormat::kGif},
    {0, "GIF89a"sv, FileFormat::kGif},
    {8, "WEBP"sv, FileFormat::kWebp},
    {0, "BM"sv, FileFormat::kBmp},
    {0, "II*\0"sv, FileFormat::kTiff},
    {0, "MM\0*"sv, FileFormat::kTiff},
    {0, "II+\0"sv, FileFormat::kTiff},
    {0, "MM\0+"sv, FileFormat::kTiff},
    {0, "\0\0\0\x0CjP  \r\n\x87\n"sv, FileFormat::kJpeg2000},
    {0, "\xFF\x4F\xFF\x51"sv, FileFormat::kJpeg2000},
    {0, "P1"sv, FileFormat::kPnm},
    {0, "P2"sv, FileFormat::kPnm},
    {0, "P3"sv, FileFormat::kPnm},
    {0, "P4"sv, FileFormat::kPnm},
    {0, "P5"sv, FileFormat::kPnm},
    {0, "P6"sv, FileFormat::kPnm},
    {0, "P7"sv, FileFormat::kPam},
    {0, "\x59\xA6\x6A\x95"sv, FileFormat::kSunRaster},
    {4, "ftypavif"sv, FileFormat::kHeif},
    {4, "ftypavis"sv, FileFormat::kHeif},
    {4, "ftyphei"sv, FileFormat::kHeif},
    {4, "ftyphev"sv, FileFormat::kHeif},
    {4, "ftypmif1"sv, FileFormat::kHeif},
    {4, "ftypmsf1"sv, FileFormat::kHeif},
    {0, "\0\0\0\x0CJXL \r\n\x87\n"sv, FileFormat::kJxl},
    {0, "\xFF\x0A"sv, FileFormat::kJxl},
    {4, "ftypcrx "sv, FileFormat::kRaw},              // Canon's CR3
    {0, "FUJIFILMCCD-RAW"sv, FileFormat::kRaw},       // RAF
    {0, "II\x1A\0\0\0HEAPCCDR"sv, FileFormat::kRaw},  // Canon's CRW
    {0, "IIU\0"sv, FileFormat::kRaw},                 // Panasonic's RW2
    {0, "IIRO"sv, FileFormat::kRaw},                  // Olympus' ORF
    {0, "IIRS"sv, FileFormat::kRaw},
    {0, "MMOR"sv, FileFormat::kRaw},
    {0, "FOVb"sv, FileFormat::kRaw},   // Sigma's X3F
    {0, "\0MRM"sv, FileFormat::kRaw},  // Minolta's MRW
};

/// Formats that are told apart only to say so.
struct UnsupportedSignature {
  size_t offset;
  std::string_view bytes;
  std::string_view name;
};

constexpr UnsupportedSignature kUnsupported[] = {
    {4, "ftyp"sv, "videos are"},
    {0, "\x1A\x45\xDF\xA3"sv, "videos are"},
    {0, "\x76\x2F\x31\x01"sv, "OpenEXR images are"},
    {0, "#?RADIANCE"sv, "Radiance HDR images are"},
    {0, "#?RGBE"sv, "Radiance HDR images are"},
    {0, "PF"sv, "floating-point PFM images are"},
    {0, "Pf"sv, "floating-point PFM images are"},
    {0, "8BPS"sv, "Photoshop images are"},
    {0, "qoif"sv, "QOI images are"},
    {0, "DDS "sv, "DirectDraw surfaces (DDS) are"},
    {0, "icns"sv, "Apple icons (ICNS) are"},
    {0, "gimp xcf"sv, "GIMP images (XCF) are"},
    {0, "\x01\xDA"sv, "SGI images are"},
    {0, "SIMPLE  ="sv, "FITS images are"},
    {0, "farbfeld"sv, "farbfeld images are"},
    {0, "BLP1"sv, "Blizzard textures (BLP) are"},
    {0, "BLP2"sv, "Blizzard textures (BLP) are"},
    {0, "SDPX"sv, "DPX images are"},
    {0, "XPDS"sv, "DPX images are"},
    {0, "\x80\x2A\x5F\xD7"sv, "Cineon images are"},
    {0, "\x8AMNG\r\n\x1A\n"sv, "MNG animations are"},
    {0, "\x8BJNG\r\n\x1A\n"sv, "JNG images are"},
    {0, "II\xBC\x01"sv, "JPEG XR images are"},
    {0, "FLIF"sv, "FLIF images are"},
    {0, "BPG\xFB"sv, "BPG images are"},
    {0, "%!PS"sv, "PostScript documents are"},
    {0, "\xC5\xD0\xD3\xC6"sv, "PostScript documents are"},
    {0, "/* XPM */"sv, "XPM images are"},
    {0, "\xB1\x68\xDE\x3A"sv, "DCX images are"},
    {0, "AT&TFORM"sv, "DjVu documents are"},
};

template <typename S>
bool matches(std::string_view bytes, const S& signature) {
  return bytes.size() >= signature.offset + signature.bytes.size() &&
         bytes.substr(signature.offset, signature.bytes.size()) == signature.bytes;
}

/// Windows' icons (1) and cursors (2), of at least one picture.
bool is_icon(std::string_view start) {
  if (start.size() < 6 || start[0] != 0 || start[1] != 0 || start[3] != 0) return false;
  return (start[2] == 1 || start[2] == 2) && (start[4] != 0 || start[5] != 0);
}

/// ZSoft's PCX of a version that there was, packed, of a number of bits that there is.
bool is_pcx(std::string_view start) {
  if (start.size() < 4 || start[0] != 10 || start[2] != 1) return false;
  const bool is_version = start[1] == 0 || (start[1] >= 2 && start[1] <= 5);
  return is_version && (start[3] == 1 || start[3] == 2 || start[3] == 4 || start[3] == 8);
}

}  // namespace

FileFormat file_format(std::string_view bytes) {
  if (bytes.empty()) {
    throw Error(ErrorKind::kInput, "empty file", "", "give an image file");
  }
  for (const Signature& signature : kSupported) {
    if (matches(bytes, signature)) return signature.format;
  }
  if (is_icon(bytes)) return FileFormat::kIcon;
  for (const UnsupportedSignature& signature : kUnsupported) {
    if (matches(bytes, signature)) {
      throw unsupported_error(std::string(signature.name) + " not supported");
    }
  }
  if (is_tga(bytes)) return FileFormat::kTga;
  if (is_pcx(bytes)) throw unsupported_error("PCX images are not supported");
  throw not_an_image_error();
}

void check_signature(std::string_view start) {
  if (!document_kind(start)) file_format(start);
}

}  // namespace kiloword
