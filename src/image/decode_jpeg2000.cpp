#include <openjpeg.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/extent.h"
#include "image/jpeg2000_header.h"
#include "image/pixels.h"

// OpenJPEG is used directly and not through OpenCV, which refuses grey with an opacity and inks, takes YCbCr
// for RGB, and tells nothing of why a file cannot be decoded.
namespace kiloword {
namespace {

constexpr std::string_view kFormat = "JPEG 2000";
constexpr OPJ_UINT32 kMaxBits = 31;
constexpr OPJ_UINT32 kMaxComponents = 4;

struct CloseCodec {
  void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
};
struct CloseStream {
  void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
};
struct FreeImage {
  void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};
using Codec = std::unique_ptr<opj_codec_t, CloseCodec>;
using Stream = std::unique_ptr<opj_stream_t, CloseStream>;
using OpjImage = std::unique_ptr<opj_image_t, FreeImage>;

/// A file in memory, as OpenJPEG reads it.
struct Source {
  std::string_view bytes;
  size_t position = 0;
  bool read_past_end = false;
  std::string message;  ///< the first of an error
};

OPJ_SIZE_T on_read(void* to, OPJ_SIZE_T count, void* user) {
  auto& source = *static_cast<Source*>(user);
  const size_t available = std::min(count, source.bytes.size() - source.position);
  if (available == 0) {
    source.read_past_end = true;
    return static_cast<OPJ_SIZE_T>(-1);
  }
  std::memcpy(to, source.bytes.data() + source.position, available);
  source.position += available;
  return available;
}

OPJ_OFF_T on_skip(OPJ_OFF_T count, void* user) {
  auto& source = *static_cast<Source*>(user);
  const size_t left = source.bytes.size() - source.position;
  if (count < 0) return -1;
  const size_t skipped = std::min(static_cast<size_t>(count), left);
  source.position += skipped;
  if (skipped < static_cast<size_t>(count)) source.read_past_end = true;
  return static_cast<OPJ_OFF_T>(skipped);
}

OPJ_BOOL on_seek(OPJ_OFF_T position, void* user) {
  auto& source = *static_cast<Source*>(user);
  if (position < 0 || static_cast<uint64_t>(position) > source.bytes.size()) return OPJ_FALSE;
  source.position = static_cast<size_t>(position);
  return OPJ_TRUE;
}

void on_error(const char* message, void* user) {
  auto& source = *static_cast<Source*>(user);
  if (!source.message.empty()) return;
  source.message = message;
  source.message.erase(source.message.find_last_not_of(" \n") + 1);
}

[[noreturn]] void throw_source_error(const Source& source) {
  throw source.read_past_end ? truncated_error(kFormat) : corrupt_error(kFormat, source.message);
}

/// OpenJPEG has 4 bytes of each sample, what it knows of each tile and its components, and the packed samples
/// a second time.
uint64_t decoding_bytes(std::string_view bytes, const Jpeg2000Header& header) {
  constexpr uint64_t kTileBytes = 6144;
  constexpr uint64_t kTileComponentBytes = 1280;
  const uint64_t pixels = static_cast<uint64_t>(header.width) * static_cast<uint64_t>(header.height);
  const uint64_t of_tile = kTileBytes + kTileComponentBytes * header.components;
  const uint64_t picture = pixels * (4 * header.components + 3) + 2 * bytes.size();
  return header.tiles > (UINT64_MAX - picture) / of_tile ? UINT64_MAX : picture + header.tiles * of_tile;
}

OpjImage read_image(Source& source) {
  const bool is_bare = source.bytes.substr(0, 2) == "\xFF\x4F";
  const Codec codec(opj_create_decompress(is_bare ? OPJ_CODEC_J2K : OPJ_CODEC_JP2));
  const Stream stream(opj_stream_default_create(OPJ_TRUE));
  if (!codec || !stream) throw std::bad_alloc();
  opj_set_error_handler(codec.get(), on_error, &source);
  opj_stream_set_user_data(stream.get(), &source, nullptr);
  opj_stream_set_user_data_length(stream.get(), source.bytes.size());
  opj_stream_set_read_function(stream.get(), on_read);
  opj_stream_set_skip_function(stream.get(), on_skip);
  opj_stream_set_seek_function(stream.get(), on_seek);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  if (opj_setup_decoder(codec.get(), &parameters) == OPJ_FALSE) throw std::bad_alloc();
  opj_image_t* raw = nullptr;
  const OPJ_BOOL has_header = opj_read_header(stream.get(), codec.get(), &raw);
  OpjImage image(raw);
  const bool is_decoded = has_header != OPJ_FALSE && image &&
                          opj_decode(codec.get(), stream.get(), image.get()) != OPJ_FALSE &&
                          opj_end_decompress(codec.get(), stream.get()) != OPJ_FALSE;
  if (!is_decoded) throw_source_error(source);
  return image;
}

enum class Space { kGrey, kRgb, kYcc, kCmyk };

/// Samples of an image that OpenJPEG has decoded, as bytes.
class Samples {
 public:
  explicit Samples(const opj_image_t& image) : image_(image) {
    const OPJ_UINT32 count = image.numcomps;
    for (OPJ_UINT32 i = 0; i < count; ++i) {
      const opj_image_comp_t& component = image.comps[i];
      if (component.data == nullptr || component.dx == 0 || component.dy == 0 || component.prec == 0 ||
          component.w == 0 || component.h == 0)
        throw corrupt_error(kFormat, "a component without samples");
      if (component.prec > kMaxBits)
        throw unsupported_error("JPEG 2000 of more than 31 bits a sample is not supported");
      if (component.alpha != 0) opacity_ = static_cast<int>(i);
    }
    const bool is_cmyk = image.color_space == OPJ_CLRSPC_CMYK && count == 4;
    if (image.color_space == OPJ_CLRSPC_EYCC || (image.color_space == OPJ_CLRSPC_CMYK && !is_cmyk))
      throw unsupported_error("JPEG 2000 of an unusual colour space");
    // Old writers leave out what the second sample of grey or the fourth of RGB is.
    if (opacity_ < 0 && (count == 2 || (count == 4 && !is_cmyk))) opacity_ = static_cast<int>(count) - 1;
    const bool is_halved = count >= 3 && image.comps[0].dx == 1 && image.comps[1].dx > 1;
    space_ = is_cmyk                                             ? Space::kCmyk
             : count < 3                                         ? Space::kGrey
             : image.color_space == OPJ_CLRSPC_SYCC || is_halved ? Space::kYcc
                                                                 : Space::kRgb;
    if (opacity_ >= 0 && static_cast<size_t>(opacity_) < colors())
      throw unsupported_error("JPEG 2000 whose opacity comes before its colours");
  }

  Space space() const { return space_; }
  size_t colors() const { return space_ == Space::kGrey ? 1 : space_ == Space::kCmyk ? 4 : 3; }
  bool has_opacity() const { return opacity_ >= 0; }

  /// Component `index` of the pixel at `x`, `y`, 0 to 255.
  uint8_t color(size_t index, OPJ_UINT32 x, OPJ_UINT32 y) const { return sample(image_.comps[index], x, y); }
  uint8_t opacity(OPJ_UINT32 x, OPJ_UINT32 y) const { return sample(image_.comps[opacity_], x, y); }

 private:
  static uint8_t sample(const opj_image_comp_t& component, OPJ_UINT32 x, OPJ_UINT32 y) {
    const OPJ_UINT32 column = std::min(x / component.dx, component.w - 1);
    const OPJ_UINT32 row = std::min(y / component.dy, component.h - 1);
    const int64_t stored = component.data[size_t{row} * component.w + column];
    const int64_t highest = (int64_t{1} << component.prec) - 1;
    const int64_t value = stored + (component.sgnd != 0 ? int64_t{1} << (component.prec - 1) : 0);
    const int64_t kept = std::min(std::max<int64_t>(value, 0), highest);
    if (component.prec >= 8) return static_cast<uint8_t>(kept >> (component.prec - 8));
    return static_cast<uint8_t>(kept * 255 / highest);
  }

  const opj_image_t& image_;
  Space space_ = Space::kRgb;
  int opacity_ = -1;
};

/// Rows of samples to sRGB over white.
class RowConverter {
 public:
  RowConverter(const Samples& samples, const DecodeContext& context) : samples_(samples) {
    transform_ = context.transform(samples.space() == Space::kGrey   ? ColorSpace::kGrey
                                   : samples.space() == Space::kCmyk ? ColorSpace::kCmyk
                                                                     : ColorSpace::kRgb);
  }

  void convert(OPJ_UINT32 y, size_t width, uint8_t* rgb) {
    const size_t count = samples_.colors();
    row_.resize(width * count);
    for (size_t i = 0; i < row_.size(); ++i) {
      row_[i] = samples_.color(i % count, static_cast<OPJ_UINT32>(i / count), y);
    }
    if (samples_.space() == Space::kYcc) {
      for (size_t x = 0; x < width; ++x) to_rgb(&row_[x * 3]);
    }
    if (transform_) {
      transform_->apply(row_.data(), rgb, width);
    } else {
      for (size_t x = 0; x < width; ++x) write_color(&row_[x * count], rgb + x * 3);
    }
    if (!samples_.has_opacity()) return;
    for (size_t i = 0; i < width * 3; ++i) {
      rgb[i] = over_white(rgb[i], samples_.opacity(static_cast<OPJ_UINT32>(i / 3), y));
    }
  }

 private:
  static uint8_t cut(double value) {
    return static_cast<uint8_t>(std::min(std::max(value + 0.5, 0.0), 255.0));
  }

  /// JFIF's YCbCr, in place.
  static void to_rgb(uint8_t* color) {
    constexpr double kZero = 128;
    const double y = color[0];
    const double cb = color[1] - kZero;
    const double cr = color[2] - kZero;
    color[0] = cut(y + 1.402 * cr);
    color[1] = cut(y - 0.344136 * cb - 0.714136 * cr);
    color[2] = cut(y + 1.772 * cb);
  }

  void write_color(const uint8_t* color, uint8_t* rgb) const {
    const uint32_t light = samples_.space() == Space::kCmyk ? 255U - color[3] : 255U;
    for (size_t k = 0; k < 3; ++k) {
      rgb[k] = samples_.space() == Space::kCmyk ? static_cast<uint8_t>(light - multiply_255(color[k], light))
                                                : color[samples_.space() == Space::kGrey ? 0 : k];
    }
  }

  const Samples& samples_;
  std::shared_ptr<const ColorTransform> transform_;
  std::vector<uint8_t> row_;
};

}  // namespace

Image decode_jpeg2000(std::string_view bytes, const ImageHeader& header, const DecodeContext& context) {
  check_extent(bytes, header);
  const Jpeg2000Header stated = read_jpeg2000_header(bytes);
  if (stated.components < 1 || stated.components > kMaxComponents) {
    throw unsupported_error("JPEG 2000 of " + std::to_string(stated.components) +
                            " components is not supported");
  }
  context.check_memory(decoding_bytes(bytes, stated), header);
  Source source;
  source.bytes = bytes;
  const OpjImage decoded = read_image(source);
  const int64_t width = int64_t{decoded->x1} - decoded->x0;
  const int64_t height = int64_t{decoded->y1} - decoded->y0;
  if (width != header.width || height != header.height || decoded->numcomps < 1 ||
      decoded->numcomps > kMaxComponents) {
    throw corrupt_error(kFormat, "its size is stated twice");
  }
  const Samples samples(*decoded);
  RowConverter converter(samples, context);
  Image image{static_cast<int>(width), static_cast<int>(height), {}};
  const size_t stride = static_cast<size_t>(width) * 3;
  image.rgb.resize(stride * static_cast<size_t>(height));
  for (int64_t y = 0; y < height; ++y) {
    converter.convert(static_cast<OPJ_UINT32>(y), static_cast<size_t>(width),
                      image.rgb.data() + static_cast<size_t>(y) * stride);
  }
  return image;
}

}  // namespace kiloword
