#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "image/byte_reader.h"
#include "image/codecs.h"
#include "image/extent.h"
#include "image/pixels.h"
#include "image/quiet_cerr.h"

namespace kiloword {
namespace {

// OpenCV's own bounds (CV_IO_MAX_IMAGE_WIDTH, _HEIGHT and _PIXELS), checked here for the sake of the message.
constexpr int64_t kMaxSide = int64_t{1} << 20;
constexpr int64_t kMaxPixels = int64_t{1} << 30;

cv::Mat decode_mat(std::string_view bytes, const ImageHeader& header) {
  [[maybe_unused]] static const auto kOldLevel =
      cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  const QuietCerr quiet;
  // OpenCV takes a matrix that it does not write to, but has no type for that.
  const cv::Mat input(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
  try {
    return cv::imdecode(input, cv::IMREAD_UNCHANGED);
  } catch (const cv::Exception& error) {
    throw corrupt_error(header.format, error.err);
  }
}

// 16 bits keep their high byte, as everywhere here.
uint8_t to_byte(uint8_t sample) {
  return sample;
}
uint8_t to_byte(uint16_t sample) {
  return static_cast<uint8_t>(sample >> 8);
}

/// Grey, BGR or BGRA samples of type T to sRGB over white.
template <typename T>
void convert_row(const T* samples, int width, int channels, const ColorTransform* transform, uint8_t* rgb) {
  const T* sample = samples;
  uint8_t* out = rgb;
  for (int x = 0; x < width; ++x, sample += channels) {
    for (int channel = 2; channel >= 0; --channel) *out++ = to_byte(sample[channels == 1 ? 0 : channel]);
  }
  if (transform != nullptr) transform->apply(rgb, rgb, static_cast<size_t>(width));
  if (channels < 4) return;
  for (int x = 0; x < width * 3; ++x) rgb[x] = over_white(rgb[x], to_byte(samples[x / 3 * 4 + 3]));
}

/// Three bytes of a pixel of OpenCV's, and three of the picture.
uint64_t decoding_bytes(const ImageHeader& header) {
  constexpr uint64_t kBytesPerPixel = 6;
  return static_cast<uint64_t>(header.width * header.height) * kBytesPerPixel;
}

}  // namespace

Image decode_opencv(std::string_view bytes, const ImageHeader& header, const DecodeContext& context) {
  if (header.width > kMaxSide || header.height > kMaxSide || header.width * header.height > kMaxPixels ||
      bytes.size() > INT32_MAX) {
    throw unsupported_error(std::string(header.format) +
                            " of more than 2^20 pixels a side, 2^30 in all, or 2 GiB");
  }
  check_extent(bytes, header);
  context.check_memory(decoding_bytes(header), header);
  const cv::Mat mat = decode_mat(bytes, header);
  if (mat.empty()) {
    throw corrupt_error(header.format, "its pixels cannot be decoded");
  }
  if (mat.cols != header.width || mat.rows != header.height) {
    throw corrupt_error(header.format, "its size is stated twice");
  }
  const int channels = mat.channels();
  if ((mat.depth() != CV_8U && mat.depth() != CV_16U) || (channels != 1 && channels != 3 && channels != 4)) {
    throw unsupported_error(std::string(header.format) + " of an unusual sample type");
  }
  Image image{mat.cols, mat.rows, {}};
  image.rgb.resize(mat.total() * 3);
  const auto transform = context.transform(ColorSpace::kRgb);
  for (int y = 0; y < mat.rows; ++y) {
    uint8_t* rgb = image.rgb.data() + static_cast<size_t>(y) * static_cast<size_t>(mat.cols) * 3;
    if (mat.depth() == CV_8U) {
      convert_row(mat.ptr<uint8_t>(y), mat.cols, channels, transform.get(), rgb);
    } else {
      convert_row(mat.ptr<uint16_t>(y), mat.cols, channels, transform.get(), rgb);
    }
  }
  return image;
}

}  // namespace kiloword
