#include "jpeg_alone.h"

// jpeglib.h needs stdio.h.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <vector>

namespace kiloword::bench {

void decode_by_libjpeg_alone(const std::string& bytes, int reduction) {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&info, TRUE);
  info.out_color_space = JCS_RGB;
  info.scale_num = 1;
  info.scale_denom = static_cast<unsigned>(reduction);
  jpeg_start_decompress(&info);
  std::vector<JSAMPLE> row(size_t{info.output_width} * 3);
  JSAMPROW pointer = row.data();
  while (info.output_scanline < info.output_height) jpeg_read_scanlines(&info, &pointer, 1);
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
}

}  // namespace kiloword::bench
