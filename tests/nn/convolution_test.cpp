#include "kiloword/nn/convolution.h"

#include <gtest/gtest.h>

#include "nn/computes.h"
#include "nn/depthwise_kernel.h"
#include "nn/weights_file.h"

namespace kiloword {
namespace {

using testing::computes;
using testing::largest_difference;
using testing::NamedTensors;
using testing::WeightsFile;

TEST(Convolution, FoldsBatchNormalisation) {
  at::manual_seed(4);
  const at::Tensor weight = at::randn({6, 4, 3, 3});
  const at::Tensor scale = at::randn({6});
  const at::Tensor bias = at::randn({6});
  const at::Tensor mean = at::randn({6});
  const at::Tensor variance = at::rand({6}) + 0.01;
  const WeightsFile weights({{"bn.bias", bias},
                             {"bn.running_mean", mean},
                             {"bn.running_var", variance},
                             {"bn.weight", scale},
                             {"conv.weight", weight}});
  const at::Tensor x = at::randn({1, 4, 8, 8});
  for (const Compute& compute : computes()) {
    for (const bool relu : {false, true}) {
      for (const int64_t stride : {1, 2}) {
        WeightLoader loader(weights.file());
        const Convolution convolution(loader, compute, {"conv", "bn", 4, 6, 3, stride, 8, relu});
        loader.load();
        const at::Tensor sums = at::conv2d(x.to(at::kDouble), weight.to(at::kDouble), {}, stride, 1);
        const auto channels = [](const at::Tensor& v) { return v.to(at::kDouble).view({1, -1, 1, 1}); };
        at::Tensor exact =
            (sums - channels(mean)) / (channels(variance) + 1e-5).sqrt() * channels(scale) + channels(bias);
        if (relu) exact = exact.clamp_min(0);
        const at::Tensor y = convolution(x);
        EXPECT_EQ(y.sizes(), exact.sizes());
        EXPECT_LT(largest_difference(y, exact), 1e-4);
      }
    }
  }
}

/// Random tensors of a convolution "conv" with the norm "bn".
NamedTensors random_tensors(int64_t inputs_of_a_kernel, int64_t outputs, int64_t kernel) {
  return {{"bn.bias", at::randn({outputs})},
          {"bn.running_mean", at::randn({outputs})},
          {"bn.running_var", at::rand({outputs}) + 0.5},
          {"bn.weight", at::randn({outputs})},
          {"conv.weight", at::randn({outputs, inputs_of_a_kernel, kernel, kernel})}};
}

/// The formula in double precision, with zeros as TensorFlow's "same" has them: as many as ceil(side /
/// stride) results need, of an odd number the larger half after the image.
at::Tensor exact_convolution(const at::Tensor& x, NamedTensors tensors, int64_t kernel, int64_t stride,
                             double epsilon, int64_t groups) {
  const int64_t side = x.size(2);
  const int64_t total = std::max(int64_t{0}, ((side + stride - 1) / stride - 1) * stride + kernel - side);
  const int64_t before = total / 2;
  const int64_t after = total - before;
  const at::Tensor padded = at::constant_pad_nd(x.to(at::kDouble), {before, after, before, after});
  const std::vector<int64_t> strides{stride, stride};
  const std::vector<int64_t> none{0, 0};
  const std::vector<int64_t> dense{1, 1};
  const at::Tensor sums =
      at::conv2d(padded, tensors.at("conv.weight").to(at::kDouble), {}, at::IntArrayRef(strides),
                 at::IntArrayRef(none), at::IntArrayRef(dense), groups);
  const auto channels = [&](const char* name) {
    return tensors.at(name).to(at::kDouble).view({1, -1, 1, 1});
  };
  return (sums - channels("bn.running_mean")) / (channels("bn.running_var") + epsilon).sqrt() *
             channels("bn.weight") +
         channels("bn.bias");
}

TEST(Convolution, PadsLikeTensorFlow) {
  at::manual_seed(5);
  for (const int64_t kernel : {1, 3, 5}) {
    const NamedTensors tensors = random_tensors(4, 6, kernel);
    const WeightsFile weights(tensors);
    for (const int64_t side : {7, 8}) {
      for (const int64_t stride : {1, 2}) {
        const at::Tensor x = at::randn({1, 4, side, side});
        for (const Compute& compute : computes()) {
          WeightLoader loader(weights.file());
          const ConvolutionSpec spec{"conv", "bn", 4, 6, kernel, stride, side, false, 1e-3, true};
          const Convolution convolution(loader, compute, spec);
          loader.load();
          const at::Tensor exact = exact_convolution(x, tensors, kernel, stride, 1e-3, 1);
          ASSERT_EQ(convolution(x).sizes(), exact.sizes());
          EXPECT_LT(largest_difference(convolution(x), exact), 1e-4)
              << kernel << " " << side << " " << stride;
        }
      }
    }
  }
}

/// Sides around a tile's eight columns, channels around a vector's sixteen.
TEST(DepthwiseConvolution, EqualsTheFormulaBetweenTwoRelu6) {
  at::manual_seed(6);
  for (const int64_t channels : {3, 16, 40}) {
    for (const int64_t kernel : {3, 5}) {
      const NamedTensors tensors = random_tensors(1, channels, kernel);
      const WeightsFile weights(tensors);
      for (const int64_t side : {1, 2, 7, 8, 9, 18}) {
        for (const int64_t stride : {1, 2}) {
          WeightLoader loader(weights.file());
          const ConvolutionSpec spec{"conv", "bn", channels, channels, kernel,
                                     stride, side, false,    1e-3,     true};
          const DepthwiseConvolution convolution(loader, make_compute("cpu", "fp32", 0), spec);
          loader.load();
          const at::Tensor x = 5 * at::randn({2, channels, side, side});
          const at::Tensor exact =
              exact_convolution(x.clamp(0, 6), tensors, kernel, stride, 1e-3, channels).clamp(0, 6);
          ASSERT_EQ(convolution(x).sizes(), exact.sizes());
          EXPECT_LT(largest_difference(convolution(x), exact), 1e-4)
              << channels << " " << kernel << " " << side << " " << stride;
        }
      }
    }
  }
}

TEST(DepthwiseConvolution, TakesBfloat16) {
  at::manual_seed(7);
  const NamedTensors tensors = random_tensors(1, 20, 3);
  const WeightsFile weights(tensors);
  WeightLoader loader(weights.file());
  const ConvolutionSpec spec{"conv", "bn", 20, 20, 3, 2, 9, false, 1e-3, true};
  const DepthwiseConvolution convolution(loader, make_compute("cpu", "bf16", 0), spec);
  loader.load();
  const at::Tensor x = (5 * at::randn({1, 20, 9, 9})).to(at::kBFloat16);
  const at::Tensor y = convolution(x);
  EXPECT_EQ(y.scalar_type(), at::kBFloat16);
  const at::Tensor exact =
      exact_convolution(x.to(at::kFloat).clamp(0, 6), tensors, 3, 2, 1e-3, 20).clamp(0, 6);
  EXPECT_LT(largest_difference(y, exact), 0.016);  // half a step of a bfloat16 from 4 to 6
}

/// Every processor's kernel gives the same results but for the last bits.
TEST(DepthwiseConvolution, KernelsAgree) {
  at::manual_seed(8);
  const at::Tensor x = 5 * at::randn({11, 11, 24});
  const at::Tensor weight = at::constant_pad_nd(at::randn({5, 5, 24}), {0, 8}).contiguous();
  const at::Tensor bias = at::constant_pad_nd(at::randn({24}), {0, 8}).contiguous();
  at::Tensor first;
  for (const DepthwiseKernel kernel : depthwise_kernels()) {
    const at::Tensor out = at::zeros({6, 6, 24});
    DepthwiseProduct product;
    product.x = x.data_ptr<float>();
    product.weights = weight.data_ptr<float>();
    product.bias = bias.data_ptr<float>();
    product.out = out.data_ptr<float>();
    product.channels = 24;
    product.side = 11;
    product.out_side = 6;
    product.kernel = 5;
    product.stride = 2;
    product.padding = 2;
    product.highest = 6;
    std::vector<float> scratch;
    kernel(product, scratch);
    if (!first.defined()) first = out;
    EXPECT_LT(largest_difference(out, first), 1e-5);
  }
}

}  // namespace
}  // namespace kiloword
