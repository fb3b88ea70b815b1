#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "kiloword/nn/transformer.h"
#include "nn/weights_file.h"

namespace kiloword::testing {

inline double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

/// A causal stack of two blocks with seeded random weights.
class RandomTransformer {
 public:
  explicit RandomTransformer(const Compute& compute = make_compute("cpu", "fp32", 0)) {
    at::manual_seed(7);
    NamedTensors tensors = random_block("0.");
    tensors.merge(random_block("1."));
    weights_ = std::make_unique<WeightsFile>(tensors);
    shape.layers = 2;
    shape.width = kWidth;
    shape.heads = 4;
    shape.hidden = kHidden;
    shape.causal = true;
    shape.rows = {16};
    load(compute);
  }

  /// Reads the weights again, for `compute` and for what was changed in `shape`.
  void load(const Compute& compute) {
    WeightLoader loader(weights_->file());
    transformer_ = std::make_unique<Transformer>(loader, compute, shape,
                                                 std::vector<BlockNames>{names("0."), names("1.")});
    loader.load();
  }

  const Transformer& transformer() const { return *transformer_; }
  /// Random inputs [count, C].
  at::Tensor embeddings(int64_t count) const { return at::randn({count, kWidth}); }

  TransformerShape shape;

 private:
  static constexpr int64_t kWidth = 32;
  static constexpr int64_t kHidden = 48;

  static NamedTensors random_block(const std::string& prefix) {
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

  static BlockNames names(const std::string& prefix) {
    return {prefix + "n1", {prefix + "qkv.weight"}, {prefix + "qkv.bias"}, prefix + "out",
            prefix + "n2", prefix + "fc1",          prefix + "fc2"};
  }

  std::unique_ptr<WeightsFile> weights_;
  std::unique_ptr<Transformer> transformer_;
};

}  // namespace kiloword::testing
