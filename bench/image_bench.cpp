// Times what happens to a JPEG on its way to the network, in full and at a fraction of its size, against
// libjpeg alone.
//
// usage: kiloword_image_bench --photo FILE [--size S] [--repeat R]

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "jpeg_alone.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/image/decode.h"
#include "kiloword/image/preprocess.h"
#include "options.h"
#include "timing.h"

namespace {

using kiloword::bench::median;
using kiloword::bench::seconds_of;

/// The seconds of every step of one mode.
struct Steps {
  std::vector<double> libjpeg, decode, resize, normalize, all;
};

void measure(const std::string& bytes, const kiloword::PreprocessSpec& spec, bool exact, Steps& steps) {
  kiloword::DecodeLimits limits;
  limits.exact = exact;
  kiloword::DecodedImage decoded;
  kiloword::Image fitted;
  std::vector<float> pixels(static_cast<size_t>(spec.size_px) * static_cast<size_t>(spec.size_px) * 3);
  steps.decode.push_back(seconds_of([&] { decoded = kiloword::decode_for_model(bytes, spec, limits); }));
  const int reduction = static_cast<int>(std::lround(decoded.full_width / decoded.box.width));
  steps.libjpeg.push_back(seconds_of([&] { kiloword::bench::decode_by_libjpeg_alone(bytes, reduction); }));
  steps.resize.push_back(seconds_of([&] { fitted = kiloword::fit_for_model(decoded, spec); }));
  steps.normalize.push_back(seconds_of([&] { kiloword::normalize(fitted, spec, pixels.data()); }));
  decoded = {};
  steps.all.push_back(
      seconds_of([&] { kiloword::preprocess(kiloword::decode_for_model(bytes, spec, limits), spec); }));
}

void print(const char* name, const Steps& steps) {
  const double all = median(steps.all);
  std::printf(
      "%-8s libjpeg alone %6.1f ms, decoding %6.1f ms, resizing %5.2f ms, normalizing %5.2f ms; "
      "all %6.1f ms, %5.1f images/s, %.0f %% of it libjpeg\n",
      name, 1e3 * median(steps.libjpeg), 1e3 * median(steps.decode), 1e3 * median(steps.resize),
      1e3 * median(steps.normalize), 1e3 * all, 1 / all, 100 * median(steps.libjpeg) / all);
}

}  // namespace

int main(int argc, char** argv) {
  const auto given =
      kiloword::bench::read_options(argc, argv, "kiloword_image_bench --photo FILE [--size S] [--repeat R]",
                                    {{"photo", ""}, {"size", "224"}, {"repeat", "21"}});
  try {
    const std::string bytes =
        kiloword::read_file(given.at("photo"), uint64_t{1} << 30, kiloword::ErrorKind::kInput);
    kiloword::PreprocessSpec spec;
    spec.size_px = kiloword::bench::positive(given.at("size"));
    const int repeat = kiloword::bench::positive(given.at("repeat"));
    const kiloword::DecodedImage decoded = kiloword::decode_for_model(bytes, spec);
    std::printf("%d x %d, %.2f MB, decoded for %d pixels at %d x %d\n", decoded.full_width,
                decoded.full_height, 1e-6 * static_cast<double>(bytes.size()), spec.size_px,
                decoded.image.width, decoded.image.height);
    std::map<bool, Steps> steps;
    for (int i = 0; i < repeat; ++i) {
      for (const bool exact : {true, false}) measure(bytes, spec, exact, steps[exact]);
    }
    print("exact", steps[true]);
    print("reduced", steps[false]);
  } catch (const kiloword::Error& error) {
    std::fprintf(stderr, "kiloword_image_bench: error: %s\n", error.what());
    return 1;
  }
  return 0;
}
