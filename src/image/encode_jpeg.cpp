#include "image/encode_jpeg.h"

// jpeglib.h needs stdio.h.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <csetjmp>
#include <cstdint>
#include <cstdlib>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

/// libjpeg's error manager, which leaves libjpeg by longjmp.
struct WriterErrors {
  jpeg_error_mgr base;  // first, so that libjpeg's pointer is a pointer to the whole
  std::jmp_buf escape;
};

[[noreturn]] void leave(j_common_ptr info) {
  std::longjmp(reinterpret_cast<WriterErrors*>(info->err)->escape, 1);
}

/// Owns libjpeg's state and the file that it writes to memory.
class JpegWriter {
 public:
  JpegWriter() {
    info_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = leave;
    errors_.base.output_message = [](j_common_ptr) {};
  }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;
  ~JpegWriter() {
    jpeg_destroy_compress(&info_);
    std::free(file_);  // NOLINT: libjpeg's, from malloc
  }

  /// Holds no object with a destructor, since libjpeg may jump out of it. Returns false after a failure.
  bool write(const Image& image, int quality) {
    if (setjmp(errors_.escape) != 0) {
      return false;
    }
    jpeg_create_compress(&info_);
    jpeg_mem_dest(&info_, &file_, &size_);
    info_.image_width = static_cast<JDIMENSION>(image.width);
    info_.image_height = static_cast<JDIMENSION>(image.height);
    info_.input_components = 3;
    info_.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, quality, TRUE);
    info_.optimize_coding = TRUE;
    jpeg_start_compress(&info_, TRUE);
    while (info_.next_scanline < info_.image_height) {
      const size_t start = size_t{info_.next_scanline} * info_.image_width * 3;
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): libjpeg only reads it
      auto* row = const_cast<uint8_t*>(image.rgb.data() + start);
      jpeg_write_scanlines(&info_, &row, 1);
    }
    jpeg_finish_compress(&info_);
    return true;
  }

  std::string file() const { return {reinterpret_cast<const char*>(file_), size_}; }

  Error error() {
    char message[JMSG_LENGTH_MAX];
    errors_.base.format_message(reinterpret_cast<j_common_ptr>(&info_), message);
    return {ErrorKind::kInternal, "cannot write a JPEG: " + std::string(message)};
  }

 private:
  jpeg_compress_struct info_{};
  WriterErrors errors_{};
  unsigned char* file_ = nullptr;
  unsigned long size_ = 0;  // NOLINT(google-runtime-int): libjpeg's type
};

}  // namespace

std::string encode_jpeg(const Image& image, int quality) {
  JpegWriter writer;
  if (!writer.write(image, quality)) {
    throw writer.error();
  }
  return writer.file();
}

}  // namespace kiloword
