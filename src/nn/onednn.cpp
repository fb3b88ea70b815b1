#include "nn/onednn.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>

#include <vector>

namespace kiloword {
namespace {

/// An operator that libtorch registers for its graph optimiser and declares in no header.
c10::OperatorHandle find_operator(const char* name) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, "");
}

}  // namespace

PackedConvolution::PackedConvolution(const at::Tensor& weight, const at::Tensor& bias, int64_t stride,
                                     int64_t padding, std::array<int64_t, 4> input_shape, bool relu,
                                     int64_t groups) {
  const int64_t outputs = weight.size(0);
  const int64_t inputs = weight.size(1);
  const int64_t height = weight.size(2);
  const int64_t width = weight.size(3);
  // Channels-last strides, spelled out: for 1 x 1 kernels libtorch takes any other spelling for
  // channels-first.
  at::Tensor nhwc = at::empty_strided({outputs, inputs, height, width},
                                      {height * width * inputs, 1, width * inputs, inputs}, weight.options());
  nhwc.copy_(weight);
  static const c10::OperatorHandle kPrepack = find_operator("mkldnn_prepacked::conv2d_prepack");
  torch::jit::Stack stack;
  stack.emplace_back(nhwc);
  stack.emplace_back(bias);
  stack.emplace_back(std::vector<int64_t>{stride, stride});
  stack.emplace_back(std::vector<int64_t>{padding, padding});
  stack.emplace_back(std::vector<int64_t>{1, 1});
  stack.emplace_back(groups);
  stack.emplace_back(std::vector<int64_t>(input_shape.begin(), input_shape.end()));
  stack.emplace_back(std::string(relu ? "relu" : "none"));
  kPrepack.callBoxed(stack);
  packed_ = std::move(stack.at(0));
  // The operator keeps what it was given for saving itself, which nobody does: without this every weight
  // would take its memory twice.
  nhwc.storage().unsafeGetStorageImpl()->reset();
}

at::Tensor PackedConvolution::operator()(const at::Tensor& input) const {
  static const c10::OperatorHandle kRun = find_operator("mkldnn_prepacked::conv2d_run");
  torch::jit::Stack stack;
  stack.emplace_back(input);
  stack.emplace_back(packed_);
  kRun.callBoxed(stack);
  return std::move(stack.at(0)).toTensor();
}

}  // namespace kiloword
