// jpeglib.h needs stdio.h, and jerror.h the types of jpeglib.h.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <csetjmp>
#include <memory>
#include <string>
#include <vector>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/pixels.h"

// libjpeg is used directly and not through OpenCV, whose reader prints libjpeg's warnings to stderr, returns
// a half-grey picture for a cut-off file, and loses the inversion of Adobe's CMYK.
namespace kiloword {
namespace {

// A progressive file of a few kilobytes can ask for thousands of passes over the whole picture.
// Encoders write a dozen.
constexpr int kMaxScans = 64;

enum class Failure { kNone, kTruncated, kCorrupt, kUnsupported, kTooManyScans };

/// libjpeg's error manager, which keeps the first failure and leaves libjpeg by longjmp.
struct ErrorState {
  jpeg_error_mgr base;  // first, so that libjpeg's pointer is a pointer to the whole
  std::jmp_buf escape;
  Failure failure;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void fail(j_common_ptr info, Failure failure) {
  auto* state = reinterpret_cast<ErrorState*>(info->err);
  state->failure = failure;
  state->base.format_message(info, state->message);
  std::longjmp(state->escape, 1);
}

void on_error(j_common_ptr info) {
  switch (info->err->msg_code) {
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_NOTIMPL:
      fail(info, Failure::kUnsupported);
    default:
      fail(info, Failure::kCorrupt);
  }
}

/// Damage of pixel data is only a warning for libjpeg, which goes on with grey.
void on_message(j_common_ptr info, int level) {
  if (level >= 0) {
    return;
  }
  switch (info->err->msg_code) {
    case JWRN_JPEG_EOF:
      fail(info, Failure::kTruncated);
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
      fail(info, Failure::kCorrupt);
    default:
      break;
  }
}

void on_progress(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMaxScans) {
    fail(info, Failure::kTooManyScans);
  }
}

/// Owns libjpeg's state. Each method that enters libjpeg sets its own jump target, holds no object with a
/// destructor, and returns false after a failure.
class JpegReader {
 public:
  JpegReader() {
    info_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = on_error;
    errors_.base.emit_message = on_message;
    errors_.base.output_message = [](j_common_ptr) {};
  }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;
  ~JpegReader() { jpeg_destroy_decompress(&info_); }

  bool read_header(std::string_view bytes) {
    if (setjmp(errors_.escape) != 0) {
      return false;
    }
    jpeg_create_decompress(&info_);
    jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    progress_.progress_monitor = on_progress;
    info_.progress = &progress_;
    return jpeg_read_header(&info_, TRUE) == JPEG_HEADER_OK;
  }

  bool start(int reduction) {
    if (setjmp(errors_.escape) != 0) {
      return false;
    }
    const bool has_ink = info_.jpeg_color_space == JCS_CMYK || info_.jpeg_color_space == JCS_YCCK;
    info_.out_color_space = has_ink ? JCS_CMYK : JCS_RGB;
    info_.scale_num = 1;
    info_.scale_denom = static_cast<unsigned>(reduction);
    return jpeg_start_decompress(&info_) != 0;
  }

  bool read_row(uint8_t* row) {
    if (setjmp(errors_.escape) != 0) {
      return false;
    }
    return jpeg_read_scanlines(&info_, &row, 1) == 1;
  }

  bool finish() {
    if (setjmp(errors_.escape) != 0) {
      return false;
    }
    return jpeg_finish_decompress(&info_) != 0;
  }

  jpeg_decompress_struct& info() { return info_; }

  Error error() const {
    switch (errors_.failure) {
      case Failure::kTruncated:
        return truncated_error("JPEG");
      case Failure::kTooManyScans:
        return unsupported_error("JPEG of more than " + std::to_string(kMaxScans) + " scans");
      case Failure::kUnsupported:
        return unsupported_error("JPEG that cannot be read: " + std::string(errors_.message));
      default:
        break;
    }
    std::string message = errors_.message;
    const std::string prefix = "Corrupt JPEG data: ";
    return corrupt_error("JPEG", message.rfind(prefix, 0) == 0 ? message.substr(prefix.size()) : message);
  }

 private:
  jpeg_decompress_struct info_{};
  jpeg_progress_mgr progress_{};
  ErrorState errors_{};
};

/// Inks to light as Pillow's `convert("RGB")` does. Adobe stores inks inverted (255 is none), and so, in
/// practice, does everyone who writes CMYK JPEGs.
void write_cmyk_row(const std::vector<uint8_t>& cmyk, uint8_t* rgb) {
  for (size_t i = 0; i < cmyk.size(); i += 4) {
    const uint32_t light = cmyk[i + 3];
    for (size_t ink = 0; ink < 3; ++ink) {
      *rgb++ = static_cast<uint8_t>(light - multiply_255(255U - cmyk[i + ink], light));
    }
  }
}

ColorSpace color_space(const jpeg_decompress_struct& info) {
  if (info.out_color_space == JCS_CMYK) return ColorSpace::kCmyk;
  return info.jpeg_color_space == JCS_GRAYSCALE ? ColorSpace::kGrey : ColorSpace::kRgb;
}

/// Rows as libjpeg gives them (RGB or inverted inks) to rows of the picture.
class RowConverter {
 public:
  RowConverter(const jpeg_decompress_struct& info, const DecodeContext& context)
      : space_(color_space(info)), transform_(context.transform(space_)) {
    if (space_ == ColorSpace::kCmyk) inks_.resize(size_t{info.output_width} * 4);
  }

  /// Where libjpeg is to write the row that becomes `rgb`.
  uint8_t* target(uint8_t* rgb) { return inks_.empty() ? rgb : inks_.data(); }

  void convert(uint8_t* rgb, size_t pixels) {
    if (space_ == ColorSpace::kCmyk && !transform_) return write_cmyk_row(inks_, rgb);
    if (!transform_) return;
    if (space_ == ColorSpace::kCmyk) {
      for (uint8_t& ink : inks_) ink = static_cast<uint8_t>(255 - ink);
      return transform_->apply(inks_.data(), rgb, pixels);
    }
    if (space_ == ColorSpace::kRgb) return transform_->apply(rgb, rgb, pixels);
    greys_.resize(pixels);
    for (size_t i = 0; i < pixels; ++i) greys_[i] = rgb[i * 3];
    transform_->apply(greys_.data(), rgb, pixels);
  }

 private:
  ColorSpace space_;
  std::shared_ptr<const ColorTransform> transform_;
  std::vector<uint8_t> inks_;
  std::vector<uint8_t> greys_;
};

/// A picture of several scans is kept as coefficients, of two bytes each, until the last.
uint64_t coefficient_bytes(jpeg_decompress_struct& info) {
  if (jpeg_has_multiple_scans(&info) == 0) return 0;
  uint64_t blocks = 0;
  for (int i = 0; i < info.num_components; ++i) {
    blocks += uint64_t{info.comp_info[i].width_in_blocks} * info.comp_info[i].height_in_blocks;
  }
  return blocks * DCTSIZE2 * sizeof(JCOEF);
}

}  // namespace

Image decode_jpeg(std::string_view bytes, const ImageHeader& header, const DecodeContext& context) {
  return decode_jpeg_reduced(bytes, header, context, 1);
}

Image decode_jpeg_reduced(std::string_view bytes, const ImageHeader& header, const DecodeContext& context,
                          int reduction) {
  JpegReader reader;
  if (!reader.read_header(bytes)) {
    throw reader.error();
  }
  jpeg_decompress_struct& info = reader.info();
  if (info.image_width != header.width || info.image_height != header.height) {
    throw corrupt_error("JPEG", "its size is stated twice");
  }
  if (info.jpeg_color_space == JCS_UNKNOWN) {
    throw unsupported_error("JPEG with " + std::to_string(info.num_components) + " colour components");
  }
  const auto pixels = static_cast<uint64_t>(header.width * header.height);
  const auto factor = static_cast<uint64_t>(reduction) * static_cast<uint64_t>(reduction);
  context.check_memory(coefficient_bytes(info) + pixels * 3 / factor, header);
  if (!reader.start(reduction)) {
    throw reader.error();
  }

  Image image{static_cast<int>(info.output_width), static_cast<int>(info.output_height), {}};
  const size_t stride = static_cast<size_t>(image.width) * 3;
  // Reserved but not touched: a file that claims much and holds little costs no memory.
  image.rgb.reserve(stride * static_cast<size_t>(image.height));
  RowConverter converter(info, context);
  for (int y = 0; y < image.height; ++y) {
    image.rgb.resize(image.rgb.size() + stride);
    uint8_t* row = image.rgb.data() + image.rgb.size() - stride;
    if (!reader.read_row(converter.target(row))) {
      throw reader.error();
    }
    converter.convert(row, static_cast<size_t>(image.width));
  }
  if (!reader.finish()) {
    throw reader.error();
  }
  return image;
}

}  // namespace kiloword
