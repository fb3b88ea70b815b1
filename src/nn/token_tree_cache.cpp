#include "kiloword/nn/token_tree_cache.h"

#include <algorithm>

#include "nn/path_attention.h"

namespace kiloword {

TokenTreeCache::TokenTreeCache(int64_t layers, int64_t width, const Compute& compute)
    : layers_(static_cast<size_t>(layers)),
      options_(at::TensorOptions(compute.device).dtype(compute.device.is_cpu() ? at::kFloat : compute.type)),
      width_(width) {}

int64_t TokenTreeCache::append(const std::vector<int64_t>& parents, const std::vector<bool>& masked) {
  const int64_t first = size();
  for (size_t i = 0; i < parents.size(); ++i) {
    const auto node = static_cast<int32_t>(size());
    const int64_t parent = parents[i];
    std::vector<int32_t> path;
    if (parent >= 0) {
      path.reserve(this->path(parent).size() + 1);
      path = this->path(parent);
    }
    if (masked.empty() || !masked[i]) path.push_back(node);
    paths_.push_back(std::move(path));
    depths_.push_back(parent >= 0 ? depth(parent) + 1 : 0);
  }
  reserve(size(), first);
  return first;
}

void TokenTreeCache::reserve(int64_t nodes, int64_t stored) {
  constexpr int64_t kLeastNodes = 64;
  const int64_t with_room = nodes + nodes / 4;  // a search's next step has about as many
  for (Layer& layer : layers_) {
    const int64_t capacity = layer.keys.defined() ? layer.keys.size(0) : 0;
    if (nodes <= capacity) continue;
    const int64_t larger = std::max({with_room, 2 * capacity, kLeastNodes});
    for (at::Tensor* tensor : {&layer.keys, &layer.values}) {
      const at::Tensor grown = at::empty({larger, width_}, options_);  // [capacity, C]
      if (stored > 0) grown.narrow(0, 0, stored).copy_(tensor->narrow(0, 0, stored));
      *tensor = grown;
    }
  }
}

void TokenTreeCache::keep(const std::vector<int64_t>& nodes) {
  std::vector<int32_t> new_number(paths_.size(), -1);
  std::vector<std::vector<int32_t>> paths;
  std::vector<int64_t> depths;
  for (const int64_t node : nodes) {
    depths.push_back(depth(node));
    new_number[static_cast<size_t>(node)] = static_cast<int32_t>(paths.size());
    std::vector<int32_t> path = std::move(paths_[static_cast<size_t>(node)]);
    for (int32_t& on_path : path) on_path = new_number[static_cast<size_t>(on_path)];
    paths.push_back(std::move(path));
  }
  paths_ = std::move(paths);
  depths_ = std::move(depths);
  const auto count = static_cast<int64_t>(nodes.size());
  if (count == 0 || nodes.back() == count - 1) return;  // the nodes kept are in their places already
  const at::Tensor chosen = at::tensor(nodes, at::kLong).to(options_.device());
  for (const Layer& layer : layers_) {
    layer.keys.narrow(0, 0, count).copy_(layer.keys.index_select(0, chosen));
    layer.values.narrow(0, 0, count).copy_(layer.values.index_select(0, chosen));
  }
}

void TokenTreeCache::store(int64_t layer, int64_t first, int64_t count, const at::Tensor& qkv) {
  const Layer& to = layers_[static_cast<size_t>(layer)];
  to.keys.narrow(0, first, count).copy_(qkv.narrow(0, 0, count).narrow(1, width_, width_));
  to.values.narrow(0, first, count).copy_(qkv.narrow(0, 0, count).narrow(1, 2 * width_, width_));
}

at::Tensor TokenTreeCache::attend(int64_t layer, const at::Tensor& query, const std::vector<int64_t>& nodes,
                                  int64_t heads) const {
  const Layer& from = layers_[static_cast<size_t>(layer)];
  AttentionPaths paths;
  paths.reserve(nodes.size());
  for (const int64_t node : nodes) paths.push_back(&path(node));
  if (query.device().is_cpu()) {
    return attend_paths_on_cpu(query.to(at::kFloat), from.keys, from.values, paths, heads)
        .to(query.scalar_type());
  }
  return attend_paths_with_mask(query, from.keys.narrow(0, 0, size()), from.values.narrow(0, 0, size()),
                                paths, heads);
}

}  // namespace kiloword
