// Image files of every kind: what a header says must agree with what is decoded, and whatever is decoded must
// fit a model.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "kiloword/base/error.h"
#include "kiloword/image/decode.h"
#include "kiloword/image/preprocess.h"
#include "kiloword/image/probe.h"

namespace {

// Small enough for a decoding to be quick, large enough for rows of every decoder to be cut into blocks.
constexpr int64_t kMaxPixels = 300000;
constexpr size_t kFittedSamples = size_t{8} * 8 * 3;

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void decode_and_fit(std::string_view bytes) {
  const kiloword::Image image = kiloword::decode_image(bytes, {kMaxPixels});
  const kiloword::ImageHeader header = kiloword::probe_image(bytes);
  const bool is_turned = header.orientation >= 5;
  require(image.width == (is_turned ? header.height : header.width));
  require(image.height == (is_turned ? header.width : header.height));
  require(image.rgb.size() == static_cast<size_t>(image.width) * static_cast<size_t>(image.height) * 3);

  kiloword::PreprocessSpec spec;
  spec.size_px = 8;
  require(kiloword::preprocess(image, spec).size() == kFittedSamples);
  spec.center_crop = false;
  require(kiloword::preprocess(image, spec).size() == kFittedSamples);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    decode_and_fit({reinterpret_cast<const char*>(data), size});
  } catch (const kiloword::Error& error) {
    require(error.kind() == kiloword::ErrorKind::kInput);
  }
  return 0;
}
