#include <png.h>

#include <csetjmp>
#include <cstring>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/pixels.h"
#include "image/png_rows.h"

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
    stored_type_ = png_get_color_type(png_, info_);
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
  bool is_grey() const { return (stored_type_ & PNG_COLOR_MASK_COLOR) == 0; }
  bool is_interlaced() const { return png_get_interlace_type(png_, info_) == PNG_INTERLACE_ADAM7; }
  bool is_truncated() const { return truncated_; }
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
  int stored_type_ = 0;
  bool truncated_ = false;
  char message_[128] = {};
};

/// Where the pixels of a row of one pass lie in the picture (PNG specification, section 8).
struct Pass {
  size_t x, y, step_x, step_y;
};
constexpr Pass kWhole[] = {{0, 0, 1, 1}};
constexpr Pass kAdam7[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                           {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

/// Rows of 8-bit RGB or RGBA to sRGB over white.
class RowConverter {
 public:
  RowConverter(const PngReader& reader, const DecodeContext& context)
      : channels_(reader.channels()),
        is_grey_(reader.is_grey()),
        transform_(context.transform(is_grey_ ? ColorSpace::kGrey : ColorSpace::kRgb)) {}

  /// `pixels` pixels of `row`, each `step` pixels behind the one before.
  void convert(const uint8_t* row, size_t pixels, uint8_t* rgb, size_t step) {
    if (channels_ == 3 && step == 1 && !transform_) {
      std::memcpy(rgb, row, pixels * 3);
      return;
    }
    const uint8_t* colors = row;
    size_t stride = channels_;
    if (transform_) {
      transform(row, pixels);
      colors = colors_.data();
      stride = 3;
    }
    for (size_t i = 0; i < pixels; ++i, colors += stride, row += channels_, rgb += step * 3) {
      for (size_t channel = 0; channel < 3; ++channel) {
        rgb[channel] = channels_ == 4 ? over_white(colors[channel], row[3]) : colors[channel];
      }
    }
  }

 private:
  void transform(const uint8_t* row, size_t pixels) {
    const size_t samples = is_grey_ ? 1 : 3;
    samples_.resize(pixels * samples);
    for (size_t i = 0; i < pixels; ++i) std::memcpy(&samples_[i * samples], row + i * channels_, samples);
    colors_.resize(pixels * 3);
    transform_->apply(samples_.data(), colors_.data(), pixels);
  }

  size_t channels_;
  bool is_grey_;
  std::shared_ptr<const ColorTransform> transform_;
  std::vector<uint8_t> samples_;
  std::vector<uint8_t> colors_;
};

/// Row after row; memory is taken only as fast as the file yields pixels, unless it is interlaced.
void read_pixels(PngReader& reader, RowConverter& converter, Image& image) {
  const auto width = static_cast<size_t>(image.width);
  const auto height = static_cast<size_t>(image.height);
  if (reader.is_interlaced()) image.rgb.resize(width * height * 3);
  std::vector<uint8_t> row(width * reader.channels());
  const Pass* const end = reader.is_interlaced() ? std::end(kAdam7) : std::end(kWhole);
  for (const Pass* pass = reader.is_interlaced() ? kAdam7 : kWhole; pass != end; ++pass) {
    if (pass->x >= width) continue;
    const size_t pixels = (width - pass->x + pass->step_x - 1) / pass->step_x;
    for (size_t y = pass->y; y < height; y += pass->step_y) {
      if (!reader.read_row(row.data())) {
        throw reader.error();
      }
      if (!reader.is_interlaced()) image.rgb.resize(image.rgb.size() + width * 3);
      converter.convert(row.data(), pixels, &image.rgb[(y * width + pass->x) * 3], pass->step_x);
    }
  }
}

/// libpng's two rows, the one that it hands out, and those of a colour transform, beside the picture.
uint64_t decoding_bytes(const ImageHeader& header, bool has_transform) {
  constexpr uint64_t kRowBytes = 8 + 8 + 4;
  const auto width = static_cast<uint64_t>(header.width);
  return width * static_cast<uint64_t>(header.height) * 3 + width * (kRowBytes + (has_transform ? 6 : 0));
}

}  // namespace

Image decode_png(std::string_view bytes, const ImageHeader& header, const DecodeContext& context) {
  const uint64_t bytes_needed = decoding_bytes(header, !context.profile.empty());
  if (bytes_needed > context.max_bytes && has_png_rows(bytes)) return decode_png_rows(bytes, header, context);
  context.check_memory(bytes_needed, header);
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
  RowConverter converter(reader, context);
  read_pixels(reader, converter, image);
  // A file that ends behind its last row, without the chunk that says so, is whole for every viewer.
  if (!reader.finish() && !reader.is_truncated()) {
    throw reader.error();
  }
  return image;
}

}  // namespace kiloword
