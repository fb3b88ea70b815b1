#include "clip/preprocessor_config.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <system_error>

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMaxSize = 4096;
constexpr int kDefaultSize = 224;   // of `size` and `crop_size` in every processor, whatever the network sees
constexpr double kMaxLevel = 1000;  // of means and deviations of pixels that nobody has divided by 255

/// A link to nothing is there: what a broken download left out must not be passed over.
bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

/// A switch. Unlike an absent one, one that is null is off.
bool is_on(const ConfigReader& config, const char* key, bool fallback) {
  return !config.is_null(key) && config.boolean(key, fallback);
}

/// What an image processor does where its file says nothing.
struct Defaults {
  std::string_view type;
  bool center_crop;
  bool square;  ///< whether a size that is one number is both sides', not the shortest side's
  ResizeFilter filter;
  bool half;  ///< mean and deviation 0.5, else CLIP's
};

constexpr Defaults kClip{"CLIP", true, false, ResizeFilter::kBicubic, false};
constexpr Defaults kSiglip{"Siglip", false, false, ResizeFilter::kBicubic, true};
constexpr std::array<Defaults, 5> kProcessors{
    kClip, kSiglip, Defaults{"ChineseCLIP", true, false, ResizeFilter::kBicubic, false},
    Defaults{"Bit", true, false, ResizeFilter::kBicubic, false},
    Defaults{"ViT", false, true, ResizeFilter::kBilinear, true}};

/// The processor that a file names, with or without what tells its implementation ("Fast", "Pil").
struct ProcessorName {
  const char* key;
  std::string name;  ///< empty: none is named

  bool is(std::string_view type) const {
    const bool current = std::string_view(key) == "image_processor_type";
    const std::string plain = std::string(type) + (current ? "ImageProcessor" : "FeatureExtractor");
    return name == plain || name == plain + "Fast" || name == plain + "Pil";
  }
};

ProcessorName read_name(const ConfigReader& config) {
  const char* key = config.has("image_processor_type") ? "image_processor_type" : "feature_extractor_type";
  return {key, config.text(key, "")};
}

/// What the processor that `config` names, or the one of `family`, does by default.
Defaults find_defaults(const ConfigReader& config, ClipFamily family) {
  const ProcessorName named = read_name(config);
  if (named.name.empty()) return family == ClipFamily::kSiglip ? kSiglip : kClip;
  const auto* known = std::find_if(kProcessors.begin(), kProcessors.end(),
                                   [&named](const Defaults& each) { return named.is(each.type); });
  if (known != kProcessors.end()) return *known;
  if (named.is("Siglip2"))
    config.refuse(named.key, "is \"" + named.name + "\", but the model is not a NaFlex SigLIP 2");
  config.refuse(named.key,
                "is \"" + named.name + "\", of which only CLIP's, SigLIP's, BiT's and ViT's are supported");
}

/// A square size, written as a number, as a list of two or as {"height": n, "width": n}.
int read_square(const ConfigReader& config, const std::string& key, int fallback) {
  int64_t height = fallback;
  int64_t width = fallback;
  if (config.is_object(key)) {
    const ConfigReader size = config.object(key);
    height = size.integer("height", 1, kMaxSize);
    width = size.integer("width", 1, kMaxSize);
  } else if (config.is_list(key)) {
    const std::vector<int64_t> sides = config.integers(key, 2, 1, kMaxSize);
    height = sides[0];
    width = sides[1];
  } else {
    height = width = config.integer(key, 1, kMaxSize, fallback);
  }
  if (width != height) config.refuse(key, "is not square");
  return static_cast<int>(height);
}

/// To what pictures are scaled, and whether in proportion: {"shortest_edge": n} or a number.
struct Target {
  int edge_px;
  ResizeMode mode;
};

Target read_target(const ConfigReader& config, const Defaults& defaults) {
  // Of this one transformers 5 ignores the size, transformers 4 does not.
  if (is_on(config, "use_square_size", false))
    config.refuse("use_square_size", "is on, which is not supported");
  if (!config.has("size"))
    return {kDefaultSize, defaults.center_crop ? ResizeMode::kShortest : ResizeMode::kStretch};
  if (!config.is_object("size")) {
    const bool square = config.is_list("size") || is_on(config, "default_to_square", defaults.square);
    return {read_square(config, "size", kDefaultSize), square ? ResizeMode::kStretch : ResizeMode::kShortest};
  }
  const ConfigReader size = config.object("size");
  for (const char* key : {"longest_edge", "max_height", "max_width"}) {
    if (size.has(key)) size.refuse(key, "is not supported");
  }
  if (size.has("shortest_edge"))
    return {static_cast<int>(size.integer("shortest_edge", 1, kMaxSize)), ResizeMode::kShortest};
  return {read_square(config, "size", kDefaultSize), ResizeMode::kStretch};
}

ResizeFilter read_filter(const ConfigReader& config, ResizeFilter fallback) {
  if (!config.has("resample")) return fallback;
  struct Filter {
    std::string_view word;  // torchvision's
    ResizeFilter filter;
  };
  // In the order of Pillow's numbers, from 1 on.
  constexpr std::array<Filter, 5> kFilters{{{"lanczos", ResizeFilter::kLanczos},
                                            {"bilinear", ResizeFilter::kBilinear},
                                            {"bicubic", ResizeFilter::kBicubic},
                                            {"box", ResizeFilter::kBox},
                                            {"hamming", ResizeFilter::kHamming}}};
  if (config.is_text("resample")) {
    const std::string word = config.text("resample", "");
    const auto named = std::find_if(kFilters.begin(), kFilters.end(),
                                    [&word](const Filter& filter) { return filter.word == word; });
    if (named == kFilters.end()) config.refuse("resample", "names a filter that is not supported");
    return named->filter;
  }
  const int64_t number = config.integer("resample", 0, static_cast<int64_t>(kFilters.size()));
  if (number == 0) config.refuse("resample", "is 0 (nearest), which is not supported");
  return kFilters.at(static_cast<size_t>(number - 1)).filter;
}

/// Pixels are `value * rescale_factor`, then `(pixel - mean) / deviation`; each of both can be switched off.
void read_values(const ConfigReader& config, const Defaults& defaults, PreprocessSpec& spec) {
  if (defaults.half) spec.mean = spec.std = {0.5F, 0.5F, 0.5F};
  if (!is_on(config, "do_rescale", true)) {
    spec.level_range = 1.0F;
  } else if (config.has("rescale_factor")) {
    const double range = 1.0 / config.number("rescale_factor", 1e-9, 1e3);
    spec.level_range = static_cast<float>(range);
  }
  if (!is_on(config, "do_normalize", true)) {
    spec.mean = {0.0F, 0.0F, 0.0F};
    spec.std = {1.0F, 1.0F, 1.0F};
    return;
  }
  read_channels(config, "image_mean", -kMaxLevel, spec.mean);
  read_channels(config, "image_std", 1e-6, spec.std);
}

PreprocessSpec usual_values(int image_size, ClipFamily family) {
  PreprocessSpec spec;
  spec.size_px = image_size;
  spec.rounding = CropRounding::kDown;
  if (family == ClipFamily::kSiglip) {
    spec.mode = ResizeMode::kStretch;
    spec.mean = spec.std = {0.5F, 0.5F, 0.5F};
  }
  return spec;
}

PreprocessSpec read_processor(const ConfigReader& config, int image_size, ClipFamily family) {
  const Defaults defaults = find_defaults(config, family);
  if (!is_on(config, "do_resize", true)) config.refuse("do_resize", "is off, which is not supported");
  if (is_on(config, "do_pad", false)) config.refuse("do_pad", "is on, which is not supported");
  const bool crop = is_on(config, "do_center_crop", defaults.center_crop);
  const Target target = read_target(config, defaults);
  const std::string key = crop ? "crop_size" : "size";
  const int size = crop ? read_square(config, key, kDefaultSize) : target.edge_px;
  if (size != image_size) {
    config.fail(key, "is " + std::to_string(size) + ", but the image_size of config.json is " +
                         std::to_string(image_size));
  }
  if (!crop && target.mode == ResizeMode::kShortest)
    config.refuse("size", "is the shortest side's, without a crop, which is not supported");
  if (target.edge_px < size) config.refuse("size", "is smaller than crop_size, which is not supported");
  PreprocessSpec spec;
  spec.size_px = size;
  spec.mode = target.mode;
  spec.margin_px = target.edge_px - size;
  spec.rounding = CropRounding::kDown;
  spec.filter = read_filter(config, defaults.filter);
  read_values(config, defaults, spec);
  return spec;
}

/// `config`: null where there is no file.
PreprocessSpec read_naflex(const ConfigReader* config, int patch_size) {
  PreprocessSpec spec;
  spec.mode = ResizeMode::kPatches;
  spec.filter = ResizeFilter::kBilinear;
  spec.mean = spec.std = {0.5F, 0.5F, 0.5F};
  spec.patch_px = patch_size;
  spec.max_patches = 256;
  if (config != nullptr) {
    const ProcessorName named = read_name(*config);
    if (!named.name.empty() && !named.is("Siglip2"))
      config->refuse(named.key, "is \"" + named.name + "\", but NaFlex models have SigLIP 2's");
    if (!is_on(*config, "do_resize", true)) config->refuse("do_resize", "is off, which is not supported");
    const int64_t patch = config->integer("patch_size", 1, kMaxSize, 16);
    if (patch != patch_size) {
      config->fail("patch_size", "is " + std::to_string(patch) + ", but that of config.json is " +
                                     std::to_string(patch_size));
    }
    spec.max_patches = static_cast<int>(config->integer("max_num_patches", 1, kMaxPatches, spec.max_patches));
    spec.filter = read_filter(*config, spec.filter);
    read_values(*config, kSiglip, spec);
  }
  int side = 1;
  while ((side + 1) * (side + 1) <= spec.max_patches) ++side;
  spec.size_px = side * patch_size;
  return spec;
}

/// The settings of images in `folder`, if it has any.
std::optional<ConfigReader> open_processor(const fs::path& folder) {
  constexpr const char* kPart = "image_processor";
  const fs::path whole = folder / "processor_config.json";
  if (is_there(whole)) {
    const ConfigReader processor = ConfigReader::open(whole);
    if (processor.has(kPart)) return processor.object(kPart);
  }
  const fs::path own = folder / "preprocessor_config.json";
  if (!is_there(own)) return std::nullopt;
  return ConfigReader::open(own);
}

}  // namespace

void read_channels(const ConfigReader& config, const std::string& key, double low,
                   std::array<float, 3>& into) {
  if (!config.has(key)) return;
  if (!config.is_list(key)) {
    into.fill(static_cast<float>(config.number(key, low, kMaxLevel)));
    return;
  }
  const std::vector<double> values = config.numbers(key, into.size(), low, kMaxLevel);
  std::transform(values.begin(), values.end(), into.begin(),
                 [](double value) { return static_cast<float>(value); });
}

PreprocessSpec read_image_processor(const fs::path& folder, int image_size, ClipFamily family) {
  const std::optional<ConfigReader> config = open_processor(folder);
  return config ? read_processor(*config, image_size, family) : usual_values(image_size, family);
}

PreprocessSpec read_naflex_processor(const fs::path& folder, int patch_size) {
  const std::optional<ConfigReader> config = open_processor(folder);
  return read_naflex(config ? &*config : nullptr, patch_size);
}

}  // namespace kiloword
