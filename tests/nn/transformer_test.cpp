#include "kiloword/nn/transformer.h"

#include <gtest/gtest.h>

#include "nn/random_transformer.h"

namespace kiloword {
namespace {

using testing::largest_difference;
using testing::RandomTransformer;

class TransformerTest : public ::testing::Test {
 protected:
  at::Tensor run(const Compute& compute, const at::Tensor& x, const std::vector<int64_t>& lengths) {
    model_.load(compute);
    std::vector<Rows> groups{{x.clone(), lengths}};
    model_.transformer()(groups);
    return groups[0].x;
  }

  RandomTransformer model_;
};

TEST_F(TransformerTest, PlainOperatorsGiveTheSame) {
  Compute compute = make_compute("cpu", "fp32", 0);
  const at::Tensor x = model_.embeddings(16);
  for (const Activation activation :
       {Activation::kGelu, Activation::kTanhGelu, Activation::kQuickGelu, Activation::kRelu}) {
    model_.shape.activation = activation;
    const at::Tensor packed = run(make_compute("cpu", "fp32", 0), x, {16});
    compute.onednn = false;
    EXPECT_LT(largest_difference(packed, run(compute, x, {16})), 2e-5);
  }
}

TEST_F(TransformerTest, ThreadsDoNotChangeTheResult) {
  const at::Tensor x = model_.embeddings(16);
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
  const at::Tensor x = model_.embeddings(16);
  const at::Tensor exact = run(make_compute("cpu", "fp32", 0), x, {16});
  const at::Tensor rough = run(make_compute("cpu", "bf16", 0), x, {16});
  EXPECT_EQ(rough.scalar_type(), at::kFloat);
  const at::Tensor cosine = at::cosine_similarity(exact, rough, 1);
  EXPECT_GT(cosine.min().item<double>(), 0.9995);
}

TEST_F(TransformerTest, RowsOfAnyNumberGiveTheSame) {
  const at::Tensor x = model_.embeddings(16);
  for (const char* precision : {"fp32", "bf16"}) {
    const Compute compute = make_compute("cpu", precision, 0);
    model_.shape.rows = {16};
    const at::Tensor fixed = run(compute, x, {16});
    model_.shape.rows = {};
    const at::Tensor free = run(compute, x, {16});
    EXPECT_LT(largest_difference(fixed, free), compute.type == at::kFloat ? 2e-5 : 0.15);
    EXPECT_TRUE(at::equal(run(compute, x.narrow(0, 0, 5), {5}), free.narrow(0, 0, 5)) ||
                compute.type != at::kFloat);
  }
}

}  // namespace
}  // namespace kiloword
