#include "clip/reparameterization.h"

#include <utility>
#include <vector>

namespace kiloword {
namespace {

constexpr double kNormEpsilon = 1e-5;
constexpr int64_t kLargeKernel = 7;
constexpr int64_t kSmallKernel = 3;

using Specs = std::vector<TensorSpec>;

/// Reads tensors in the order in which they were declared.
class Tensors {
 public:
  explicit Tensors(const std::vector<at::Tensor>& tensors) : next_(tensors.begin()) {}
  at::Tensor next() { return *next_++; }
  BatchNormTensors norm() {
    BatchNormTensors norm;
    for (at::Tensor* part : {&norm.weight, &norm.bias, &norm.mean, &norm.variance}) *part = next();
    return norm;
  }

 private:
  std::vector<at::Tensor>::const_iterator next_;
};

void add_norm(Specs& specs, const std::string& name, int64_t channels) {
  for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"})
    specs.push_back({name + part, {channels}});
}

void add_normed_convolution(Specs& specs, const std::string& name, const std::vector<int64_t>& shape) {
  specs.push_back({name + ".conv.weight", shape});
  add_norm(specs, name + ".bn", shape.front());
}

FoldedWeights take_normed_convolution(Tensors& tensors) {
  const at::Tensor weight = tensors.next();
  return fold_norm(weight, tensors.norm(), kNormEpsilon);
}

/// Kernels that hand on the channel they stand for: the convolution that changes nothing.
at::Tensor identity_kernels(int64_t channels, int64_t groups, int64_t kernel) {
  const int64_t inputs = channels / groups;
  at::Tensor weight = at::zeros({channels, inputs, kernel, kernel}, at::kDouble);
  const at::Tensor middle = weight.select(3, kernel / 2).select(2, kernel / 2);  // [channels, inputs]
  if (inputs == 1) {
    middle.fill_(1.0);
  } else {
    middle.copy_(at::eye(inputs, at::kDouble).repeat({groups, 1}));
  }
  return weight;
}

/// A smaller kernel in the middle of one of `kernel` zeros.
at::Tensor widen(const at::Tensor& weight, int64_t kernel) {
  const int64_t rim = (kernel - weight.size(2)) / 2;
  return at::constant_pad_nd(weight, {rim, rim, rim, rim});
}

void add(FoldedWeights& sum, const FoldedWeights& branch) {
  sum.weight += widen(branch.weight, sum.weight.size(2));
  sum.bias += branch.bias;
}

std::vector<int64_t> kernel_shape(const MobileOneSpec& spec, int64_t kernel) {
  return {spec.outputs, spec.inputs / spec.groups, kernel, kernel};
}

void add_mobile_one(Specs& specs, const MobileOneSpec& spec) {
  if (spec.has_shortcut()) add_norm(specs, spec.name + ".identity", spec.inputs);
  if (spec.has_convolution)
    add_normed_convolution(specs, spec.name + ".conv_kxk.0", kernel_shape(spec, spec.kernel));
  if (spec.has_scale && spec.kernel > 1)
    add_normed_convolution(specs, spec.name + ".conv_scale", kernel_shape(spec, 1));
}

FoldedWeights take_mobile_one(Tensors& tensors, const MobileOneSpec& spec) {
  FoldedWeights sum{at::zeros(kernel_shape(spec, spec.kernel), at::kDouble),
                    at::zeros({spec.outputs}, at::kDouble)};
  if (spec.has_shortcut()) {
    const at::Tensor same = identity_kernels(spec.inputs, spec.groups, spec.kernel);
    add(sum, fold_norm(same, tensors.norm(), kNormEpsilon));
  }
  if (spec.has_convolution) add(sum, take_normed_convolution(tensors));
  if (spec.has_scale && spec.kernel > 1) add(sum, take_normed_convolution(tensors));
  return sum;
}

/// Declares `<name>.reparam_conv` if the checkpoint has it.
bool want_folded(WeightLoader& loader, const std::string& name, const std::vector<int64_t>& shape,
                 const FoldedReceiver& receive) {
  const std::string folded = name + ".reparam_conv";
  if (!loader.has(folded + ".weight")) return false;
  loader.request({{folded + ".weight", shape}, {folded + ".bias", {shape.front()}}},
                 [receive](const std::vector<at::Tensor>& tensors) {
                   receive({tensors[0].to(at::kDouble), tensors[1].to(at::kDouble)});
                 });
  return true;
}

}  // namespace

void want_mobile_one(WeightLoader& loader, const MobileOneSpec& spec, FoldedReceiver receive) {
  if (want_folded(loader, spec.name, kernel_shape(spec, spec.kernel), receive)) return;
  Specs specs;
  add_mobile_one(specs, spec);
  loader.request(std::move(specs),
                 [spec, receive = std::move(receive)](const std::vector<at::Tensor>& tensors) {
                   Tensors in(tensors);
                   receive(take_mobile_one(in, spec));
                 });
}

void want_rep_mixer(WeightLoader& loader, const std::string& name, int64_t channels, FoldedReceiver receive) {
  MobileOneSpec mixer{name + ".mixer", channels, channels};
  mixer.groups = channels;
  if (want_folded(loader, name, kernel_shape(mixer, mixer.kernel), receive)) return;
  MobileOneSpec norm = mixer;
  norm.name = name + ".norm";
  norm.has_convolution = false;
  norm.has_scale = false;
  Specs specs{{name + ".layer_scale.gamma", {channels, 1, 1}}};
  add_mobile_one(specs, norm);
  add_mobile_one(specs, mixer);
  loader.request(std::move(specs), [=, receive = std::move(receive)](const std::vector<at::Tensor>& tensors) {
    Tensors in(tensors);
    const at::Tensor scale = in.next().to(at::kDouble);  // [C, 1, 1]
    const FoldedWeights less = take_mobile_one(in, norm);
    const FoldedWeights more = take_mobile_one(in, mixer);
    receive({identity_kernels(channels, channels, mixer.kernel) +
                 scale.unsqueeze(1) * (more.weight - less.weight),
             scale.flatten() * (more.bias - less.bias)});
  });
}

void want_large_kernel(WeightLoader& loader, const std::string& name, int64_t outputs,
                       FoldedReceiver receive) {
  const std::vector<int64_t> large{outputs, 1, kLargeKernel, kLargeKernel};
  if (want_folded(loader, name, large, receive)) return;
  Specs specs;
  add_normed_convolution(specs, name + ".large_conv", large);
  add_normed_convolution(specs, name + ".small_conv", {outputs, 1, kSmallKernel, kSmallKernel});
  loader.request(std::move(specs), [receive = std::move(receive)](const std::vector<at::Tensor>& tensors) {
    Tensors in(tensors);
    FoldedWeights sum = take_normed_convolution(in);
    add(sum, take_normed_convolution(in));
    receive(sum);
  });
}

void want_conditional_positions(WeightLoader& loader, const std::string& name, int64_t channels,
                                FoldedReceiver receive) {
  const std::vector<int64_t> shape{channels, 1, kLargeKernel, kLargeKernel};
  if (want_folded(loader, name, shape, receive)) return;
  loader.request({{name + ".pos_enc.weight", shape}, {name + ".pos_enc.bias", {channels}}},
                 [channels, receive = std::move(receive)](const std::vector<at::Tensor>& tensors) {
                   receive({tensors[0].to(at::kDouble) + identity_kernels(channels, channels, kLargeKernel),
                            tensors[1].to(at::kDouble)});
                 });
}

void want_normed_convolution(WeightLoader& loader, const std::string& name, const std::vector<int64_t>& shape,
                             FoldedReceiver receive) {
  Specs specs;
  add_normed_convolution(specs, name, shape);
  loader.request(std::move(specs), [receive = std::move(receive)](const std::vector<at::Tensor>& tensors) {
    Tensors in(tensors);
    receive(take_normed_convolution(in));
  });
}

}  // namespace kiloword
