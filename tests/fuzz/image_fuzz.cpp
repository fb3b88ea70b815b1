// Image files of every kind: what a header says must agree with what is decoded, and whatever is decoded must
// fit a model. A JPEG decoded at a fraction of its size is refused exactly when the full one is.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "kiloword/base/error.h"
#include "kiloword/image/decode.h"
#include "kiloword/image/preprocess.h"
#include "kiloword/image/probe.h"
#include "kiloword/image/video.h"

namespace {

// Small enough for a decoding to be quick, large enough for rows of every decoder to be cut into blocks.
constexpr int64_t kMaxPixels = 300000;
constexpr size_t kFittedSamples = size_t{8} * 8 * 3;

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

kiloword::PreprocessSpec spec_of(int size_px, bool center_crop) {
  kiloword::PreprocessSpec spec;
  spec.size_px = size_px;
  spec.mode = center_crop ? kiloword::ResizeMode::kShortest : kiloword::ResizeMode::kStretch;
  return spec;
}

/// What is wrong with `bytes`, or nothing.
std::string decode_and_fit(std::string_view bytes) {
  kiloword::DecodeLimits limits;
  limits.max_pixels = kMaxPixels;
  try {
    const kiloword::Image image = kiloword::decode_image(bytes, limits);
    const kiloword::ImageHeader header = kiloword::probe_image(bytes);
    const bool is_turned = header.orientation >= 5;
    require(image.width == (is_turned ? header.height : header.width));
    require(image.height == (is_turned ? header.width : header.height));
    require(image.rgb.size() == static_cast<size_t>(image.width) * static_cast<size_t>(image.height) * 3);
    for (const bool center_crop : {true, false}) {
      require(kiloword::preprocess(image, spec_of(8, center_crop)).size() == kFittedSamples);
    }
  } catch (const kiloword::Error& error) {
    require(error.kind() == kiloword::ErrorKind::kInput);
    return error.message();
  }
  return "";
}

/// The same with a large JPEG at a fraction of its size: as large as `size_px` needs.
std::string decode_reduced_and_fit(std::string_view bytes, int size_px) {
  kiloword::DecodeLimits limits;
  limits.max_pixels = kMaxPixels;
  try {
    const kiloword::DecodedImage decoded = kiloword::decode_for_model(bytes, spec_of(size_px, true), limits);
    const kiloword::Image& image = decoded.image;
    const kiloword::PictureBox& box = decoded.box;
    require(image.width >= 1 && image.width <= decoded.full_width);
    require(image.height >= 1 && image.height <= decoded.full_height);
    require(image.rgb.size() == static_cast<size_t>(image.width) * static_cast<size_t>(image.height) * 3);
    require(box.left >= 0 && box.left + box.width <= image.width && box.width > image.width - 1);
    require(box.top >= 0 && box.top + box.height <= image.height && box.height > image.height - 1);
    for (const bool center_crop : {true, false}) {
      require(!kiloword::preprocess(decoded, spec_of(size_px, center_crop)).empty());
    }
  } catch (const kiloword::Error& error) {
    require(error.kind() == kiloword::ErrorKind::kInput);
    return error.message();
  }
  return "";
}

/// Frames of an animation, which needs no program.
void read_animation(std::string_view bytes) {
  kiloword::DecodeLimits limits;
  limits.max_pixels = kMaxPixels;
  try {
    for (const kiloword::VideoFrame& frame : kiloword::read_frames(bytes, {3, 0}, limits)) {
      require(kiloword::preprocess(frame.picture, spec_of(8, true)).size() == kFittedSamples);
    }
  } catch (const kiloword::Error& error) {
    require(error.kind() == kiloword::ErrorKind::kInput);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // Documents are drawn by programs of their own, which a fuzzer of this process cannot watch.
  if (bytes.substr(0, 5) == "%PDF-" || bytes.find("<svg") != std::string_view::npos) return 0;
  if (kiloword::is_animated_webp(bytes)) read_animation(bytes);
  const std::string message = decode_and_fit(bytes);
  for (const int size_px : {1, 8}) {
    require(decode_reduced_and_fit(bytes, size_px) == message);
  }
  return 0;
}
