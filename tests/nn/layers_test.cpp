#include "kiloword/nn/layers.h"

#include <gtest/gtest.h>

#include "nn/computes.h"
#include "nn/weights_file.h"

namespace kiloword {
namespace {

using testing::computes;
using testing::largest_difference;
using testing::WeightsFile;

TEST(Linear, MultipliesAnyNumberOfRows) {
  at::manual_seed(1);
  const at::Tensor weight = at::randn({24, 16});
  const at::Tensor bias = at::randn({24});
  const WeightsFile weights({{"l.weight", weight}, {"l.bias", bias}});
  for (const Compute& compute : computes()) {
    WeightLoader loader(weights.file());
    LinearSpec spec;
    spec.weights = {{"l.weight", {24, 16}}};
    spec.biases = {{"l.bias", {24}}};
    spec.inputs = 16;
    spec.rows = {5, 10};
    const Linear linear(loader, compute, spec);
    loader.load();
    for (const int64_t rows : {1, 4, 5, 6, 10, 13, 10, 5}) {
      const at::Tensor x = at::randn({rows, 16});
      const at::Tensor exact = at::matmul(x.to(at::kDouble), weight.to(at::kDouble).t()) + bias;
      const at::Tensor y = linear(x);
      EXPECT_EQ(y.sizes(), exact.sizes());
      EXPECT_LT(largest_difference(y, exact), 1e-5) << rows;
      EXPECT_LT(largest_difference(linear(at::randn({16, rows}).t().copy_(x)), exact), 1e-5) << "strided";
    }
  }
}

TEST(Linear, StacksSplitsAndTransposes) {
  at::manual_seed(2);
  const at::Tensor q = at::randn({8, 6});
  const at::Tensor k = at::randn({4, 6});
  const at::Tensor p = at::randn({6, 3});
  const at::Tensor patches = at::randn({5, 3, 1, 2});
  const WeightsFile weights({{"k", k}, {"p", p}, {"patches", patches}, {"q", q}});
  const at::Tensor x = at::randn({7, 6});
  for (const Compute& compute : computes()) {
    WeightLoader loader(weights.file());
    const Linear stacked(loader, compute, {{{"q", {8, 6}}, {"k", {4, 6}}}, {}, 6, {7}, false});
    const Linear transposed(loader, compute, {{{"p", {6, 3}}}, {}, 6, {7}, true});
    const Linear folded(loader, compute, {{{"patches", {5, 3, 1, 2}}}, {}, 6, {7}, false});
    loader.load();
    EXPECT_LT(largest_difference(stacked(x), at::matmul(x, at::cat({q, k}).t())), 1e-5);
    EXPECT_LT(largest_difference(transposed(x), at::matmul(x, p)), 1e-5);
    EXPECT_LT(largest_difference(folded(x), at::matmul(x, patches.reshape({5, 6}).t())), 1e-5);
  }
}

TEST(LayerNorm, EqualsTheFormula) {
  at::manual_seed(3);
  const at::Tensor weight = at::randn({10});
  const at::Tensor bias = at::randn({10});
  const WeightsFile weights({{"n.bias", bias}, {"n.weight", weight}});
  WeightLoader loader(weights.file());
  const LayerNorm norm(loader, make_compute("cpu", "fp32", 0), "n", 10, 0.1);
  loader.load();
  const at::Tensor x = at::randn({4, 10}).to(at::kDouble);
  const at::Tensor centred = x - x.mean(1, true);
  const at::Tensor exact = centred / (centred.square().mean(1, true) + 0.1).sqrt() * weight + bias;
  EXPECT_LT(largest_difference(norm(x.to(at::kFloat)), exact), 1e-5);
}

}  // namespace
}  // namespace kiloword
