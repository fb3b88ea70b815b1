#include "lm/network_parts.h"

namespace kiloword {

LinearSpec linear_spec(const std::vector<std::pair<std::string, int64_t>>& parts, int64_t inputs,
                       bool has_bias) {
  LinearSpec spec;
  for (const auto& [name, outputs] : parts) {
    spec.weights.push_back({name + ".weight", {outputs, inputs}});
    if (has_bias) spec.biases.push_back({name + ".bias", {outputs}});
  }
  spec.inputs = inputs;
  spec.rows = {};
  return spec;
}

LinearSpec token_spec(const std::string& name, int64_t vocab_size, int64_t width) {
  LinearSpec spec;
  spec.weights = {{name, {vocab_size, width}}};
  spec.inputs = width;
  spec.rows = {};
  return spec;
}

OutputLayer::OutputLayer(WeightLoader& loader, const Compute& compute, const Linear& tokens, bool tied,
                         const std::string& name, int64_t vocab_size, int64_t width)
    : type_(compute.type), tokens_(tokens) {
  if (tied) {
    loader.ignore(name);
  } else {
    own_ = std::make_unique<Linear>(loader, compute, token_spec(name, vocab_size, width));
  }
}

at::Tensor OutputLayer::logprobs(const at::Tensor& hidden) const {
  const Linear& layer = own_ != nullptr ? *own_ : tokens_;
  return layer(hidden.to(type_)).to(at::kFloat).log_softmax(-1);
}

NewNodes::NewNodes(const TokenTreeCache& cache, size_t count) {
  for (int64_t node = cache.size() - static_cast<int64_t>(count); node < cache.size(); ++node) {
    numbers.push_back(node);
    depths.push_back(cache.depth(node));
  }
}

}  // namespace kiloword
