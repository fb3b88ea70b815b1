#include <png.h>

#include <csetjmp>
#include <cstring>
#include <string>
#include <vector>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/pixels.h"

// libpng is used directly and not through OpenCV, whose reader prints libpng's warnings (a stale colour
// profile is enough) to stderr and ignores the transparent colour of grey and RGB pictures.
namespace kiloword {
namespace {

/// Owns libpng's state. Each method that enters libpng sets its own jump target, holds no object with a
/// destructor, and returns false after a failure.
class PngReader {
 public:
  explicit PngReader(std::string_view bytes) : rest_(bytes) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, [](png_structp, png_const_charp) {});
    info_ = png_ != nullptr ? png_create_info_struct(png_) : nullptr;
  }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }

  bool read_header() {
    if (info_ == nullptr || setjmp(png_jmpbuf(png_)) != 0) {
      return false;
    }
    png_set_read_fn(png_, this, on_read);
    png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // the caller has checked the size
    // Texts and profiles are of no use here; some are compressed and could be made to take long.
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    png_read_info(png_, info_);
    return true;
  }

  /// Asks for 8-bit RGB, with alpha if the picture has any transparency.
  bool start() {
    if (setjmp(png_jmpbuf(png_)) != 0) {
      return false;
    }
    png_set_expand(png_);
    png_set_strip_16(png_);
    png_set_gray_to_rgb(png_);
    passes_ = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }

  bool read_row(uint8_t* row) {
    if (setjmp(png_jmpbuf(png_)) != 0) {
      return false;
    }
    png_read_row(png_, row, nullptr);
    return true;
  }

  bool finish() {
    if (setjmp(png_jmpbuf(png_)) != 0) {
      return false;
    }
    png_read_end(png_, nullptr);
    return true;
  }

  int64_t width() const { return png_get_image_width(png_, info_); }
  int64_t height() const { return png_get_image_height(png_, info_); }
  size_t channels() const { return png_get_channels(png_, info_); }
  int passes() const { return passes_; }
  Error error() const { return truncated_ ? truncated_error("PNG") : corrupt_error("PNG", message_); }

 private:
  [[noreturn]] static void on_error(png_structp png, png_const_charp message) {
    auto* self = static_cast<PngReader*>(png_get_error_ptr(png));
    std::strncpy(self->message_, message, sizeof(self->message_) - 1);
    png_longjmp(png, 1);
  }

  static void on_read(png_structp png, png_bytep to, size_t count) {
    auto* self = static_cast<PngReader*>(png_get_io_ptr(png));
    if (count > self->rest_.size()) {
      self->truncated_ = true;
      png_error(png, "end of file");
    }
    std::memcpy(to, self->rest_.data(), count);
    self->rest_.remove_prefix(count);
  }

  std::string_view rest_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  int passes_ = 1;
  bool truncated_ = false;
  char message_[128] = {};
};

void append_over_white(const uint8_t* rgba, size_t pixels, std::vector<uint8_t>& rgb) {
  for (size_t i = 0; i < pixels; ++i, rgba += 4) {
    for (size_t channel = 0; channel < 3; ++channel) {
      rgb.push_back(over_white(rgba[channel], rgba[3]));
    }
  }
}

/// Row after row; memory is taken only as fast as the file yields pixels.
void read_rows(PngReader& reader, Image& image) {
  const size_t width = static_cast<size_t>(image.width);
  std::vector<uint8_t> row(width * reader.channels());
  for (int y = 0; y < image.height; ++y) {
    if (!reader.read_row(row.data())) {
      throw reader.error();
    }
    if (reader.channels() == 4) {
      append_over_white(row.data(), width, image.rgb);
    } else {
      image.rgb.insert(image.rgb.end(), row.begin(), row.end());
    }
  }
}

/// Adam7: every pass adds pixels to rows of earlier ones, so that all rows are kept until the last.
void read_interlaced(PngReader& reader, Image& image) {
  const size_t width = static_cast<size_t>(image.width);
  const size_t height = static_cast<size_t>(image.height);
  const size_t stride = width * reader.channels();
  std::vector<uint8_t> pixels(stride * height);
  for (int pass = 0; pass < reader.passes(); ++pass) {
    for (size_t y = 0; y < height; ++y) {
      if (!reader.read_row(pixels.data() + y * stride)) {
        throw reader.error();
      }
    }
  }
  if (reader.channels() == 4) {
    append_over_white(pixels.data(), width * height, image.rgb);
  } else {
    image.rgb = std::move(pixels);
  }
}

}  // namespace

Image decode_png(std::string_view bytes, const ImageHeader& header) {
  PngReader reader(bytes);
  if (!reader.read_header()) {
    throw reader.error();
  }
  if (reader.width() != header.width || reader.height() != header.height) {
    throw corrupt_error("PNG", "its size is stated twice");
  }
  if (!reader.start()) {
    throw reader.error();
  }
  Image image{static_cast<int>(header.width), static_cast<int>(header.height), {}};
  image.rgb.reserve(static_cast<size_t>(image.width) * static_cast<size_t>(image.height) * 3);
  if (reader.passes() > 1) {
    read_interlaced(reader, image);
  } else {
    read_rows(reader, image);
  }
  if (!reader.finish()) {
    throw reader.error();
  }
  return image;
}

}  // namespace kiloword
