#include <jxl/decode.h>
#include <jxl/decode_cxx.h>

#include <string>

#include "image/byte_reader.h"
#include "image/optional_codecs.h"
#include "image/rgba_rows.h"

namespace kiloword {
namespace {

constexpr std::string_view kFormat = "JPEG XL";
constexpr size_t kMaxProfileBytes = size_t{8} << 20;
// libjxl keeps a frame as floating-point numbers; with our picture 18.7 bytes a pixel were measured, rounded
// up here.
constexpr uint64_t kBytesPerPixel = 21;
constexpr uint64_t kExtraBytesPerPixel = 8;  // of opacity and the like

/// A decoder with all of a file as its input.
class JxlReader {
 public:
  JxlReader(std::string_view bytes, int events) : decoder_(JxlDecoderMake(nullptr)) {
    if (!decoder_) throw std::bad_alloc();
    JxlDecoderSubscribeEvents(decoder_.get(), events);
    JxlDecoderSetInput(decoder_.get(), reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  }

  JxlDecoder* get() const { return decoder_.get(); }

  /// The next event. Throws where the file is cut off or corrupt.
  /// The input is never closed: libjxl prints a line where a closed one ends early.
  JxlDecoderStatus next() {
    const JxlDecoderStatus status = JxlDecoderProcessInput(decoder_.get());
    if (status == JXL_DEC_NEED_MORE_INPUT) throw truncated_error(kFormat);
    if (status == JXL_DEC_ERROR) throw corrupt_error(kFormat, "its code stream cannot be decoded");
    return status;
  }

 private:
  JxlDecoderPtr decoder_;
};

JxlBasicInfo read_info(JxlReader& reader) {
  JxlBasicInfo info{};
  if (reader.next() != JXL_DEC_BASIC_INFO || JxlDecoderGetBasicInfo(reader.get(), &info) != JXL_DEC_SUCCESS) {
    throw corrupt_error(kFormat, "no header");
  }
  return info;
}

/// The profile of the samples that the decoder gives out. Versions from 0.9 on dropped an argument.
std::string profile_of(const JxlDecoder* decoder) {
  size_t size = 0;
#if JPEGXL_NUMERIC_VERSION >= JPEGXL_COMPUTE_NUMERIC_VERSION(0, 9, 0)
  if (JxlDecoderGetICCProfileSize(decoder, JXL_COLOR_PROFILE_TARGET_DATA, &size) != JXL_DEC_SUCCESS)
    return "";
#else
  if (JxlDecoderGetICCProfileSize(decoder, nullptr, JXL_COLOR_PROFILE_TARGET_DATA, &size) !=
      JXL_DEC_SUCCESS) {
    return "";
  }
#endif
  if (size == 0 || size > kMaxProfileBytes) return "";
  std::string profile(size, '\0');
  auto* out = reinterpret_cast<uint8_t*>(profile.data());
#if JPEGXL_NUMERIC_VERSION >= JPEGXL_COMPUTE_NUMERIC_VERSION(0, 9, 0)
  const auto status = JxlDecoderGetColorAsICCProfile(decoder, JXL_COLOR_PROFILE_TARGET_DATA, out, size);
#else
  const auto status =
      JxlDecoderGetColorAsICCProfile(decoder, nullptr, JXL_COLOR_PROFILE_TARGET_DATA, out, size);
#endif
  return status == JXL_DEC_SUCCESS ? profile : "";
}

/// Asks for sRGB where the decoder can choose, else finds out what the colours are.
std::string choose_colors(const JxlReader& reader, const JxlBasicInfo& info) {
  if (info.uses_original_profile == JXL_FALSE) {
    JxlColorEncoding srgb{};
    srgb.color_space = info.num_color_channels == 1 ? JXL_COLOR_SPACE_GRAY : JXL_COLOR_SPACE_RGB;
    srgb.white_point = JXL_WHITE_POINT_D65;
    srgb.primaries = JXL_PRIMARIES_SRGB;
    srgb.transfer_function = JXL_TRANSFER_FUNCTION_SRGB;
    srgb.rendering_intent = JXL_RENDERING_INTENT_PERCEPTUAL;
    if (JxlDecoderSetPreferredColorProfile(reader.get(), &srgb) == JXL_DEC_SUCCESS) return "";
  }
  return profile_of(reader.get());
}

void take_pixels(void* rows, size_t x, size_t y, size_t count, const void* pixels) {
  static_cast<RgbaRows*>(rows)->put(x, y, count, static_cast<const uint8_t*>(pixels));
}

/// The profile's colour transform. Pixels of a grey image come with one level three times.
std::shared_ptr<const ColorTransform> transform_of(const std::string& profile, const DecodeContext& context) {
  return context.ignore_profile ? nullptr : ColorTransform::to_srgb(profile, ColorSpace::kRgb);
}

}  // namespace

ImageHeader probe_jxl(std::string_view bytes) {
  JxlReader reader(bytes, JXL_DEC_BASIC_INFO);
  const JxlBasicInfo info = read_info(reader);
  ImageHeader header{kFormat};
  header.width = info.xsize;
  header.height = info.ysize;
  return header;
}

Image decode_jxl(std::string_view bytes, const ImageHeader& header, const DecodeContext& context) {
  JxlReader reader(bytes, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_FULL_IMAGE);
  const JxlBasicInfo info = read_info(reader);
  context.check_memory(static_cast<uint64_t>(header.width) * static_cast<uint64_t>(header.height) *
                           (kBytesPerPixel + kExtraBytesPerPixel * info.num_extra_channels),
                       header);
  const JxlPixelFormat format{info.alpha_bits > 0 ? 4U : 3U, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
  std::unique_ptr<RgbaRows> rows;
  std::string profile;
  for (;;) {
    switch (reader.next()) {
      case JXL_DEC_COLOR_ENCODING:
        profile = choose_colors(reader, info);
        break;
      case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
        rows = std::make_unique<RgbaRows>(header, static_cast<int>(format.num_channels),
                                          info.alpha_bits > 0 && info.alpha_premultiplied != JXL_FALSE,
                                          transform_of(profile, context));
        if (JxlDecoderSetImageOutCallback(reader.get(), &format, take_pixels, rows.get()) !=
            JXL_DEC_SUCCESS) {
          throw unsupported_error("JPEG XL of an unusual sample type");
        }
        break;
      case JXL_DEC_FULL_IMAGE:  // of an animation the first frame
        return rows->take();
      default:
        throw corrupt_error(kFormat, "no image in it");
    }
  }
}

std::string jxl_version() {
  const uint32_t version = JxlDecoderVersion();  // major * 1000000 + minor * 1000 + patch
  return std::to_string(version / 1000000) + "." + std::to_string(version / 1000 % 1000) + "." +
         std::to_string(version % 1000);
}

}  // namespace kiloword
