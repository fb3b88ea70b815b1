#include "checkpoint/state_dict.h"

#include <array>
#include <string_view>
#include <utility>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using Kind = PickleNode::Kind;

/// Collects the tensors below a pickle's root under their dotted names.
class TensorWalk {
 public:
  TensorWalk(const Pickle& pickle, StorageOf storage_of, std::deque<std::string>& copies)
      : pickle_(pickle), storage_of_(std::move(storage_of)), copies_(copies) {}

  TensorViews from(uint32_t root) {
    visit(root, "", 0);
    return std::move(tensors_);
  }

 private:
  static constexpr int kMaxDepth = 64;
  static constexpr size_t kMaxNameBytes = 1024;
  static constexpr size_t kMaxVisits = 1'000'000;  // shared parts could make a small pickle endless

  void visit(uint32_t index, const std::string& name, int depth) {
    if (depth > kMaxDepth || ++visits_ > kMaxVisits || name.size() > kMaxNameBytes)
      throw Error(ErrorKind::kModel, "checkpoint is nested too deeply", "", "download the model again");
    const uint32_t tensor = find_tensor(pickle_, index);
    if (tensor != UINT32_MAX) {
      tensors_.insert_or_assign(name, stored_tensor(pickle_, tensor, name, storage_of_, copies_));
      return;
    }
    const PickleNode& node = pickle_.at(index);
    if (node.kind == Kind::kDictionary) visit_items(node, 0, name, depth);
    if (node.kind == Kind::kCall) {
      constexpr size_t kCalleeAndArguments = 2;
      visit_items(node, kCalleeAndArguments, name, depth);
      const bool has_state = node.children.size() % 2 != 0;
      const bool is_dictionary = pickle_.at(node.children[0]).text == "collections OrderedDict";
      if (has_state && !is_dictionary) visit(node.children.back(), name, depth + 1);
    }
  }

  /// Keys and values by turns from child `first` on.
  void visit_items(const PickleNode& node, size_t first, const std::string& name, int depth) {
    for (size_t i = first; i + 1 < node.children.size(); i += 2) {
      const PickleNode& key = pickle_.at(node.children[i]);
      if (key.kind != Kind::kString) continue;
      visit(node.children[i + 1], below(name, key.text), depth + 1);
    }
  }

  /// The name of `key` in what `name` is. A network that was saved whole keeps its parts in three
  /// dictionaries, which no state dict names.
  static std::string below(const std::string& name, const std::string& key) {
    if (key == "_modules" || key == "_parameters" || key == "_buffers") return name;
    return name.empty() ? key : name + "." + key;
  }

  const Pickle& pickle_;
  StorageOf storage_of_;
  std::deque<std::string>& copies_;
  TensorViews tensors_;
  size_t visits_ = 0;
};

/// Where training programs keep a network's tensors among those of optimizers and averages.
constexpr std::array<std::string_view, 5> kParts{"state_dict", "model_state_dict", "model", "module", "net"};

/// The value of `key` in a dictionary; UINT32_MAX where there is none.
uint32_t find_item(const Pickle& pickle, const PickleNode& node, std::string_view key) {
  constexpr size_t kCalleeAndArguments = 2;
  if (node.kind != Kind::kDictionary && node.kind != Kind::kCall) return UINT32_MAX;
  for (size_t i = node.kind == Kind::kCall ? kCalleeAndArguments : 0; i + 1 < node.children.size(); i += 2) {
    const PickleNode& found = pickle.at(node.children[i]);
    if (found.kind == Kind::kString && found.text == key) return node.children[i + 1];
  }
  return UINT32_MAX;
}

}  // namespace

TensorViews state_dict_tensors(const Pickle& pickle, const StorageOf& storage_of,
                               std::deque<std::string>& copies) {
  constexpr int kMostWrappers = 3;
  uint32_t root = pickle.root;
  TensorViews tensors = TensorWalk(pickle, storage_of, copies).from(root);
  for (int depth = 0; depth < kMostWrappers; ++depth) {
    TensorViews inner;
    for (const std::string_view part : kParts) {
      const uint32_t found = find_item(pickle, pickle.at(root), part);
      if (found == UINT32_MAX || find_tensor(pickle, found) != UINT32_MAX) continue;
      inner = TensorWalk(pickle, storage_of, copies).from(found);
      if (inner.empty()) continue;
      root = found;
      break;
    }
    if (inner.empty()) break;
    tensors = std::move(inner);
  }
  if (tensors.empty()) throw Error(ErrorKind::kModel, "checkpoint holds no tensors", "", "give a state dict");
  return tensors;
}

}  // namespace kiloword
