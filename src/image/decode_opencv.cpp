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

/// Grey, BGR or BGRA samples of type T to RGB over white.
template <typename T>
void append_row(const T* samples, int width, int channels, std::vector<uint8_t>& rgb) {
  for (int x = 0; x < width; ++x, samples += channels) {
    const uint32_t alpha = channels == 4 ? to_byte(samples[3]) : 255U;
    for (int channel = 2; channel >= 0; --channel) {
      rgb.push_back(over_white(to_byte(samples[channels == 1 ? 0 : channel]), alpha));
    }
  }
}

}  // namespace

Image decode_opencv(std::string_view bytes, const ImageHeader& header) {
  if (header.width > kMaxSide || header.height > kMaxSide || header.width * header.height > kMaxPixels ||
      bytes.size() > INT32_MAX) {
    throw unsupported_error(std::string(header.format) +
                            " of more than 2^20 pixels a side, 2^30 in all, or 2 GiB");
  }
  check_extent(bytes, header);
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
  image.rgb.reserve(mat.total() * 3);
  for (int y = 0; y < mat.rows; ++y) {
    if (mat.depth() == CV_8U) {
      append_row(mat.ptr<uint8_t>(y), mat.cols, channels, image.rgb);
    } else {
      append_row(mat.ptr<uint16_t>(y), mat.cols, channels, image.rgb);
    }
  }
  return image;
}

}  // namespace kiloword
