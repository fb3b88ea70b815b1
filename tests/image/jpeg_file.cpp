#include "image/jpeg_file.h"

// jpeglib.h needs stdio.h.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <cstdlib>
#include <vector>

#include "image/test_images.h"

namespace kiloword::test {
namespace {

std::string exif_block(int orientation) {
  using namespace std::string_literals;
  return "Exif\0\0II*\0"s + little_endian(8, 4) + little_endian(1, 2) +
         tiff_entry(0x0112, 3, 1, static_cast<uint32_t>(orientation)) + little_endian(0, 4);
}

}  // namespace

std::string jpeg_file(const Image& image, const JpegKind& kind) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);  // ends the program
  jpeg_create_compress(&info);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): libjpeg's
  jpeg_mem_dest(&info, &bytes, &size);
  info.image_width = static_cast<JDIMENSION>(image.width);
  info.image_height = static_cast<JDIMENSION>(image.height);
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 90, TRUE);
  if (kind.grey) jpeg_set_colorspace(&info, JCS_GRAYSCALE);
  if (kind.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  if (kind.orientation != 1) {
    const std::string exif = exif_block(kind.orientation);
    jpeg_write_marker(&info, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(exif.data()),
                      static_cast<unsigned>(exif.size()));
  }
  std::vector<uint8_t> row(static_cast<size_t>(image.width) * 3);
  for (int y = 0; y < image.height; ++y) {
    row.assign(image.rgb.begin() + static_cast<ptrdiff_t>(row.size()) * y,
               image.rgb.begin() + static_cast<ptrdiff_t>(row.size()) * (y + 1));
    JSAMPROW pointer = row.data();
    jpeg_write_scanlines(&info, &pointer, 1);
  }
  jpeg_finish_compress(&info);
  std::string file(reinterpret_cast<const char*>(bytes), size);
  jpeg_destroy_compress(&info);
  std::free(bytes);
  return file;
}

}  // namespace kiloword::test
