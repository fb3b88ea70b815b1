#include "kiloword/nn/transformer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "nn/weights_file.h"

namespace kiloword {
namespace {

using testing::NamedTensors;
using testing::WeightsFile;

constexpr int64_t kWidth = 32;
constexpr int64_t kHidden = 48;

NamedTensors random_block(const std::string& prefix) {
  NamedTensors tensors;
  const auto add = [&](const std::string& name, int64_t outputs, int64_t inputs) {
    tensors[prefix + name + ".weight"] =
        at::randn({outputs, inputs}) / std::sqrt(static_cast<double>(inputs));
    tensors[prefix + name + ".bias"] = at::randn({outputs}) * 0.3;
  };
  add("qkv", 3 * kWidth, kWidth);
  add("out", kWidth, kWidth);
  add("fc1", kHidden, kWidth);
  add("fc2", kWidth, kHidden);
  for (const char* norm : {"n1", "n2"}) {
    tensors[prefix + norm + ".weight"] = at::randn({kWidth}) * 0.3 + 1;
    tensors[prefix + norm + ".bias"] = at::randn({kWidth}) * 0.3;
  }
  return tensors;
}

BlockNames names(const std::string& prefix) {
  return {prefix + "n1", {prefix + "qkv.weight"}, {prefix + "qkv.bias"}, prefix + "out",
          prefix + "n2", prefix + "fc1",          prefix + "fc2"};
}

class TransformerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    at::manual_seed(7);
    NamedTensors tensors = random_block("0.");
    tensors.merge(random_block("1."));
    weights_ = std::make_unique<WeightsFile>(tensors);
    shape_.layers = 2;
    shape_.width = kWidth;
    shape_.heads = 4;
    shape_.hidden = kHidden;
    shape_.causal = true;
    shape_.rows = {16};
  }

  at::Tensor run(const Compute& compute, const at::Tensor& x, const std::vector<int64_t>& lengths) const {
    WeightLoader loader(weights_->file());
    const Transformer transformer(loader, compute, shape_, {names("0."), names("1.")});
    loader.load();
    std::vector<Rows> groups{{x.clone(), lengths}};
    transformer(groups);
    return groups[0].x;
  }

  std::unique_ptr<WeightsFile> weights_;
  TransformerShape shape_;
};

double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

TEST_F(TransformerTest, PlainOperatorsGiveTheSame) {
  Compute compute = make_compute("cpu", "fp32", 0);
  const at::Tensor x = at::randn({16, kWidth});
  for (const Activation activation : {Activation::kGelu, Activation::kQuickGelu}) {
    shape_.activation = activation;
    const at::Tensor packed = run(make_compute("cpu", "fp32", 0), x, {16});
    compute.onednn = false;
    EXPECT_LT(largest_difference(packed, run(compute, x, {16})), 2e-5);
  }
}

TEST_F(TransformerTest, ThreadsDoNotChangeTheResult) {
  const at::Tensor x = at::randn({16, kWidth});
  std::vector<at::Tensor> results;
  for (const int threads : {1, 2, 3}) {
    const Compute compute = make_compute("cpu", "fp32", threads);
    compute.apply_threads();
    results.push_back(run(compute, x, {9, 7}));
  }
  EXPECT_LT(largest_difference(results[0], results[1]), 1e-6);
  EXPECT_LT(largest_difference(results[0], results[2]), 1e-6);
}

TEST_F(TransformerTest, Bfloat16IsClose) {
  const at::Tensor x = at::randn({16, kWidth});
  const at::Tensor exact = run(make_compute("cpu", "fp32", 0), x, {16});
  const at::Tensor rough = run(make_compute("cpu", "bf16", 0), x, {16});
  EXPECT_EQ(rough.scalar_type(), at::kFloat);
  const at::Tensor cosine = at::cosine_similarity(exact, rough, 1);
  EXPECT_GT(cosine.min().item<double>(), 0.9995);
}

}  // namespace
}  // namespace kiloword
