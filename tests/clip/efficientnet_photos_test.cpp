// EfficientNet-Lite0 with the weights of its package on photos, against the package's own code:
// scripts/goldens/efficientnet_towers.py made the features and says from what. Skips where the weights or the
// photos are absent.

#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "clip/efficientnet.h"
#include "kiloword/base/file.h"
#include "kiloword/base/paths.h"
#include "kiloword/image/decode.h"
#include "kiloword/image/preprocess.h"
#include "nn/weights_file.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

const fs::path kData = fs::path(KILOWORD_TESTS_DIR) / "clip" / "data";
const fs::path kPhotos = "/usr/share/doc/opencv-doc/examples";
constexpr uint64_t kMaxBytes = 1 << 24;
constexpr const char* kNetwork = "efficientnet-lite0";

fs::path network_file() {
  for (const fs::path& file : image_tower_files(kNetwork)) {
    if (fs::exists(file)) return file;
  }
  return {};
}

ClipConfig lite0() {
  ClipConfig config;
  config.vision.kind = VisionKind::kEfficientNetLite;
  config.vision.network = kNetwork;
  config.vision.width = 1280;
  config.vision.hidden = 1;
  config.projection_dim = 1;
  return config;
}

/// A projection, which is not looked at.
testing::NamedTensors projection() {
  return {{"visual.feature_mean", at::zeros({1280})},     {"visual.feature_std", at::ones({1280})},
          {"visual.linear.weight", at::zeros({1, 1280})}, {"visual.linear.bias", at::zeros({1})},
          {"visual.hidden.weight", at::zeros({1, 1280})}, {"visual.hidden.bias", at::zeros({1})},
          {"visual.output.weight", at::zeros({1, 1})}};
}

std::vector<float> pixels_of(const fs::path& photo) {
  PreprocessSpec spec;
  spec.size_px = 224;
  spec.margin_px = 32;
  spec.mean.fill(127.0F / 255.0F);
  spec.std.fill(128.0F / 255.0F);
  DecodeLimits limits;
  limits.ignore_profile = true;  // as the reference does
  return preprocess(decode_image(read_file(photo, kMaxBytes, ErrorKind::kInput), limits), spec);
}

double cosine(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor x = a.to(at::kDouble).flatten();
  const at::Tensor y = b.to(at::kDouble).flatten();
  return (x.dot(y) / (x.norm() * y.norm())).item<double>();
}

TEST(EfficientNetLite0, FeaturesOfPhotosEqualThePackages) {
  const fs::path weights = network_file();
  if (weights.empty()) GTEST_SKIP() << "no " << kNetwork << " is installed (scripts/setup.sh fetches it)";
  if (!fs::exists(kPhotos)) GTEST_SKIP() << "no photos of Debian's opencv-doc in " << kPhotos;
  const c10::InferenceMode inference;
  const testing::WeightsFile own(projection());
  WeightLoader loader(own.file());
  WeightLoader network(Checkpoint::open(weights));
  const EfficientNetLite tower(loader, network, make_compute("cpu", "fp32", 1), lite0());
  const EfficientNetLite rounded(loader, network, make_compute("cpu", "bf16", 1), lite0());
  loader.load();
  network.load();

  const auto golden =
      nlohmann::json::parse(read_file(kData / "efficientnet_golden.json", kMaxBytes, ErrorKind::kInput));
  const auto file = Checkpoint::open(kData / "efficientnet_photos.safetensors");
  const auto photos = golden.at("photos").get<std::vector<std::string>>();
  at::Tensor expected;
  WeightLoader reader(file);
  reader.request({{"features", {static_cast<int64_t>(photos.size()), 1280}}},
                 [&expected](const std::vector<at::Tensor>& tensors) { expected = tensors[0].clone(); });
  reader.load();
  for (size_t i = 0; i < photos.size(); ++i) {
    if (!fs::exists(kPhotos / photos[i])) GTEST_SKIP() << "no photo " << photos[i];
    std::vector<float> pixels = pixels_of(kPhotos / photos[i]);
    const at::Tensor image = at::from_blob(pixels.data(), {1, 3, 224, 224}, at::kFloat);
    const at::Tensor features = expected[static_cast<int64_t>(i)];
    EXPECT_GE(cosine(tower.features(image), features), 0.99999) << photos[i];
    EXPECT_GE(cosine(rounded.features(image), features), 0.999) << photos[i];
  }
}

}  // namespace
}  // namespace kiloword
