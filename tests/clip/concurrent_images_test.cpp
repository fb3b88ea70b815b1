// Workers that encode images side by side, each on cores of its own.

#include <gtest/gtest.h>

#include <thread>

#include "clip/model_folder.h"
#include "clip/vision_transformer.h"
#include "nn/weights_file.h"

namespace kiloword {
namespace {

using testing::ModelFolder;

/// Pictures [count, 3, side, side] that differ from those of another `first`.
std::vector<float> pictures(int first, int count, int side) {
  std::vector<float> pixels;
  for (int i = 0; i < count; ++i) {
    const std::vector<float> one = testing::golden_pixels(first + i, side);
    pixels.insert(pixels.end(), one.begin(), one.end());
  }
  return pixels;
}

class ConcurrentImages : public ::testing::TestWithParam<std::string> {};

TEST_P(ConcurrentImages, GiveTheBitsOfOneThread) {
  constexpr int kWorkers = 4;
  constexpr int kBatches = 6;
  const ModelFolder model(GetParam());
  const auto serial = model.load();
  const auto shared = model.load();  // which has laid out weights for no call yet
  const int side = serial->preprocess().size_px;
  const auto count_of = [](int batch) { return 1 + batch % 5; };
  const auto batch_of = [&](int worker, int batch) {
    return pictures(10 * worker + batch, count_of(batch), side);
  };
  shared->use_threads(1);
  std::vector<std::vector<Embeddings>> results(kWorkers);
  std::vector<std::thread> workers;
  workers.reserve(kWorkers);
  for (int worker = 0; worker < kWorkers; ++worker) {
    workers.emplace_back([&, worker] {
      for (int batch = kBatches - 1; batch >= 0; --batch) {
        results[static_cast<size_t>(worker)].push_back(
            shared->encode_images(batch_of(worker, batch), count_of(batch)));
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  for (int worker = 0; worker < kWorkers; ++worker) {
    for (int batch = 0; batch < kBatches; ++batch) {
      const Embeddings alone = serial->encode_images(batch_of(worker, batch), count_of(batch));
      EXPECT_EQ(results[static_cast<size_t>(worker)][static_cast<size_t>(kBatches - 1 - batch)].values,
                alone.values)
          << "worker " << worker << ", batch " << batch;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Models, ConcurrentImages, ::testing::Values("vit", "resnet"));

/// An image tower of random weights, wide enough for more than one thread to take part.
class RandomImageTower {
 public:
  RandomImageTower() {
    at::manual_seed(5);
    config_.vision.width = 256;
    config_.vision.heads = 4;
    config_.vision.hidden = 1024;
    config_.vision.layers = 2;
    const VisionTransformerNames names = vision_transformer_names(Naming::kHuggingFace, 2);
    testing::NamedTensors tensors;
    tensors[names.patch_embedding] = at::randn({256, 3, 32, 32}) * 0.02;
    tensors[names.class_embedding] = at::randn({256});
    tensors[names.positions] = at::randn({50, 256});
    tensors[names.projection] = at::randn({config_.projection_dim, 256}) * 0.1;
    for (const std::string& norm : {names.pre_norm, names.post_norm}) add_norm(tensors, norm);
    for (const BlockNames& block : names.blocks) {
      add_norm(tensors, block.norm_1);
      add_norm(tensors, block.norm_2);
      for (const std::string& name : block.qkv_weights) tensors[name] = at::randn({256, 256}) * 0.1;
      for (const std::string& name : block.qkv_biases) tensors[name] = at::randn({256}) * 0.1;
      add_linear(tensors, block.out, 256, 256);
      add_linear(tensors, block.hidden, 1024, 256);
      add_linear(tensors, block.hidden_out, 256, 1024);
    }
    const testing::WeightsFile weights(tensors);
    WeightLoader loader(weights.file());
    tower_ = std::make_unique<VisionTransformer>(loader, make_compute("cpu", "fp32", 1), config_, names);
    loader.load();
  }

  const VisionTransformer& tower() const { return *tower_; }

 private:
  static void add_norm(testing::NamedTensors& tensors, const std::string& name) {
    tensors[name + ".weight"] = at::randn({256}) * 0.2 + 1;
    tensors[name + ".bias"] = at::randn({256}) * 0.2;
  }
  static void add_linear(testing::NamedTensors& tensors, const std::string& name, int64_t outputs,
                         int64_t inputs) {
    tensors[name + ".weight"] = at::randn({outputs, inputs}) * 0.1;
    tensors[name + ".bias"] = at::randn({outputs}) * 0.1;
  }

  ClipConfig config_;
  std::unique_ptr<VisionTransformer> tower_;
};

TEST(CoresOfACall, DoNotChangeABit) {
  const RandomImageTower random;
  const at::Tensor pixels = at::randn({6, 3, 224, 224});
  for (const int64_t count : {1, 4, 6}) {
    Compute compute = make_compute("cpu", "fp32", 1);
    compute.apply_threads();
    const at::Tensor on_one = random.tower()(pixels.narrow(0, 0, count));
    for (const int cores : {2, 3}) {
      compute.use_threads(cores);
      compute.apply_threads();
      EXPECT_TRUE(at::equal(random.tower()(pixels.narrow(0, 0, count)), on_one)) << count << ", " << cores;
    }
  }
}

TEST(CoresOfACall, NoFewerThanNone) {
  Compute compute = make_compute("cpu", "fp32", 2);
  compute.use_threads(3);
  EXPECT_EQ(compute.threads, 3);
  EXPECT_THROW(compute.use_threads(-1), Error);
  compute.small = true;
  compute.use_threads(0);
  EXPECT_EQ(compute.threads, 1);
}

}  // namespace
}  // namespace kiloword
