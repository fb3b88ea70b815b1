#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace kiloword {

/// A forest of token sequences, in which common prefixes share nodes. Nodes are numbered in order of
/// insertion, parents before children.
class TokenTrie {
 public:
  static constexpr int64_t kNone = -1;

  int64_t size() const { return static_cast<int64_t>(nodes_.size()); }

  /// The node of `token` after `parent` (kNone: at the start); kNone if there is none.
  int64_t find(int64_t parent, int32_t token) const {
    const auto found = children_.find(key(parent, token));
    return found == children_.end() ? kNone : found->second;
  }

  int64_t add(int64_t parent, int32_t token) {
    const int64_t node = size();
    nodes_.push_back({parent, token});
    children_.emplace(key(parent, token), node);
    return node;
  }

  /// Removes all nodes except `nodes`, which must be ascending and include the parent of each. They are
  /// renumbered in this order.
  void keep(const std::vector<int64_t>& nodes) {
    std::vector<int64_t> new_number(nodes_.size(), kNone);
    const std::vector<Node> old = std::move(nodes_);
    nodes_.clear();
    children_.clear();
    for (const int64_t node : nodes) {
      const Node& kept = old[static_cast<size_t>(node)];
      const int64_t parent = kept.parent == kNone ? kNone : new_number[static_cast<size_t>(kept.parent)];
      new_number[static_cast<size_t>(node)] = add(parent, kept.token);
    }
  }

 private:
  struct Node {
    int64_t parent;
    int32_t token;
  };

  static uint64_t key(int64_t parent, int32_t token) {
    return static_cast<uint64_t>(parent + 1) << 32 | static_cast<uint32_t>(token);
  }

  std::vector<Node> nodes_;
  std::unordered_map<uint64_t, int64_t> children_;
};

}  // namespace kiloword
