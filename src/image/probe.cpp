#include "kiloword/image/probe.h"

#include <string>

#include "image/byte_reader.h"
#include "image/optional_codecs.h"
#include "image/probe_formats.h"
#include "image/quiet_stderr.h"
#include "image/raw_signature.h"
#include "image/signature.h"
#include "image/small_formats.h"

namespace kiloword {
namespace {

ImageHeader probe_as(FileFormat format, std::string_view bytes) {
  switch (format) {
    case FileFormat::kJpeg:
      return probe_jpeg(bytes);
    case FileFormat::kPng:
      return probe_png(bytes);
    case FileFormat::kGif:
      return probe_gif(bytes);
    case FileFormat::kWebp:
      return probe_webp(bytes);
    case FileFormat::kBmp:
      return probe_bmp(bytes);
    case FileFormat::kTiff:
      return is_raw_tiff(bytes) ? probe_raw(bytes) : probe_tiff(bytes);
    case FileFormat::kJpeg2000:
      return probe_jpeg2000(bytes);
    case FileFormat::kPnm:
      return probe_pnm(bytes);
    case FileFormat::kPam:
      return probe_pam(bytes);
    case FileFormat::kSunRaster:
      return probe_sun_raster(bytes);
    case FileFormat::kHeif:
      return probe_heif(bytes);
    case FileFormat::kJxl:
      return probe_jxl(bytes);
    case FileFormat::kRaw:
      return probe_raw(bytes);
    case FileFormat::kIcon:
      return probe_ico(bytes);
    case FileFormat::kTga:
      return probe_tga(bytes);
  }
  throw not_an_image_error();
}

}  // namespace

ImageHeader probe_image(std::string_view bytes) {
  const QuietStderr quiet;
  const ImageHeader header = probe_as(file_format(bytes), bytes);
  if (header.width < 1 || header.height < 1) {
    throw corrupt_error(header.format, "an image of " + std::to_string(header.width) + " x " +
                                           std::to_string(header.height) + " pixels");
  }
  return header;
}

}  // namespace kiloword
