#include "nn/panel_matrix.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "nn/panel_kernel.h"

namespace kiloword {
namespace {

double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

at::Tensor exact_product(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  return at::linear(x.to(at::kDouble), weight.to(at::kDouble), bias.to(at::kDouble));
}

TEST(PanelMatrix, MultipliesAnyNumberOfRows) {
  at::manual_seed(1);
  for (const int64_t outputs : {1, 31, 32, 100}) {
    const at::Tensor weight = at::randn({outputs, 19});
    const at::Tensor bias = at::randn({outputs});
    const PanelMatrix matrix(weight, bias);
    for (const int64_t rows : {0, 1, 2, 3, 5, 6, 7, 13}) {
      const at::Tensor x = at::randn({rows, 19});
      const at::Tensor y = matrix(x);
      EXPECT_EQ(y.sizes(), at::IntArrayRef({rows, outputs}));
      const at::Tensor exact = exact_product(x, weight, bias);
      EXPECT_TRUE(at::allclose(y.to(at::kDouble), exact, 0, 1e-5)) << rows;
    }
  }
}

TEST(PanelMatrix, TakesBfloat16) {
  at::manual_seed(2);
  const at::Tensor weight = at::randn({70, 40}).to(at::kBFloat16);
  const at::Tensor bias = at::randn({70}).to(at::kBFloat16);
  const at::Tensor x = at::randn({7, 40}).to(at::kBFloat16);
  const at::Tensor y = PanelMatrix(weight, bias)(x);
  EXPECT_EQ(y.scalar_type(), at::kBFloat16);
  const at::Tensor exact = exact_product(x, weight, bias);
  EXPECT_LT(largest_difference(y, exact.to(at::kBFloat16)), 1e-5 + 0.01 * exact.abs().max().item<double>());
}

TEST(PanelMatrix, ARowDependsOnNothingElse) {
  at::manual_seed(3);
  const PanelMatrix matrix(at::randn({1000, 300}), at::randn({1000}));
  const at::Tensor x = at::randn({20, 300});
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const at::Tensor together = matrix(x);
  at::set_num_threads(3);
  EXPECT_TRUE(at::equal(matrix(x), together));
  for (int64_t row = 0; row < 20; ++row) {
    EXPECT_TRUE(at::equal(matrix(x.narrow(0, row, 1))[0], together[row])) << row;
  }
  at::set_num_threads(threads);
}

TEST(PanelMatrix, GivesItsRowsBack) {
  at::manual_seed(4);
  const at::Tensor weight = at::randn({50, 9});
  const at::Tensor rows = PanelMatrix(weight, at::zeros({50})).rows({49, 0, 33, 0});
  EXPECT_TRUE(at::equal(rows, weight.index_select(0, at::tensor({49, 0, 33, 0}, at::kLong))));
}

TEST(PanelKernels, AgreeOnEveryProcessor) {
  at::manual_seed(5);
  constexpr int64_t kRows = 9;
  constexpr int64_t kInputs = 33;
  constexpr int64_t kOutputs = 45;
  const at::Tensor x = at::randn({kRows, kInputs});
  const at::Tensor panels = at::randn({2, kInputs, kPanelOutputs});
  const at::Tensor rough = panels.to(at::kBFloat16);
  const at::Tensor bias = at::randn({2 * kPanelOutputs});
  for (const PanelKernel kernel : panel_kernels()) {
    for (const at::Tensor& weights : {panels, rough}) {
      at::Tensor out = at::full({kRows, kOutputs}, 7.0F);
      PanelProduct product;
      product.x = x.data_ptr<float>();
      if (weights.scalar_type() == at::kFloat) {
        product.weights = weights.data_ptr<float>();
      } else {
        product.bf16_weights = reinterpret_cast<const uint16_t*>(weights.data_ptr<at::BFloat16>());
      }
      product.bias = bias.data_ptr<float>();
      product.out = out.data_ptr<float>();
      product.rows = kRows;
      product.inputs = kInputs;
      product.outputs = kOutputs;
      kernel(product, 1, 2);
      EXPECT_TRUE(out.narrow(1, 0, kPanelOutputs).eq(7.0F).all().item<bool>()) << "only its own panels";
      kernel(product, 0, 1);
      const at::Tensor weight = weights.transpose(1, 2).reshape({-1, kInputs}).narrow(0, 0, kOutputs);
      EXPECT_LT(largest_difference(out, exact_product(x, weight, bias.narrow(0, 0, kOutputs))), 2e-5);
    }
  }
}

}  // namespace
}  // namespace kiloword
