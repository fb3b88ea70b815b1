#include "clip/preprocessor_config.h"

#include <system_error>

namespace kiloword {
namespace {

constexpr int64_t kMaxSize = 4096;

/// A square size, written as a number, as {"shortest_edge": n} or as {"height": n, "width": n}.
int read_size(const ConfigReader& config, const std::string& key, int fallback) {
  if (!config.is_object(key)) return static_cast<int>(config.integer(key, 1, kMaxSize, fallback));
  const ConfigReader size = config.object(key);
  if (size.has("shortest_edge")) return static_cast<int>(size.integer("shortest_edge", 1, kMaxSize));
  const int64_t height = size.integer("height", 1, kMaxSize);
  if (size.integer("width", 1, kMaxSize) != height) config.fail(key, "is not square");
  return static_cast<int>(height);
}

/// Pillow's numbers of filters.
ResizeFilter read_filter(const ConfigReader& config) {
  constexpr int64_t kPillowBilinear = 2;
  constexpr int64_t kPillowBicubic = 3;
  const int64_t number = config.integer("resample", 0, 5, kPillowBicubic);
  if (number != kPillowBilinear && number != kPillowBicubic)
    config.fail("resample", "is neither 2 (bilinear) nor 3 (bicubic)");
  return number == kPillowBilinear ? ResizeFilter::kBilinear : ResizeFilter::kBicubic;
}

PreprocessSpec usual_values(int image_size, ClipFamily family) {
  PreprocessSpec spec;
  spec.size_px = image_size;
  if (family == ClipFamily::kSiglip) {
    spec.center_crop = false;
    spec.mean = spec.std = {0.5F, 0.5F, 0.5F};
  }
  return spec;
}

}  // namespace

void read_channels(const ConfigReader& config, const std::string& key, double low,
                   std::array<float, 3>& into) {
  if (!config.has(key)) return;
  const std::vector<double> values = config.numbers(key, into.size(), low, 100.0);
  for (size_t i = 0; i < into.size(); ++i) into[i] = static_cast<float>(values[i]);
}

PreprocessSpec read_preprocessor_config(const std::filesystem::path& path, int image_size,
                                        ClipFamily family) {
  PreprocessSpec spec = usual_values(image_size, family);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return spec;
  const ConfigReader config = ConfigReader::open(path);
  spec.center_crop = config.boolean("do_center_crop", spec.center_crop);
  const std::string key = spec.center_crop ? "crop_size" : "size";
  const int size = read_size(config, key, image_size);
  if (size != image_size) {
    config.fail(key, "is " + std::to_string(size) + ", but the image_size of config.json is " +
                         std::to_string(image_size));
  }
  if (spec.center_crop) {
    spec.margin_px = read_size(config, "size", image_size) - image_size;
    if (spec.margin_px < 0) config.fail("size", "is smaller than crop_size, which is not supported");
  }
  spec.filter = read_filter(config);
  read_channels(config, "image_mean", -100.0, spec.mean);
  read_channels(config, "image_std", 1e-6, spec.std);
  return spec;
}

}  // namespace kiloword
