#include "checkpoint/state_dict.h"

#include <algorithm>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/text.h"

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
      visit(node.children[i + 1], name.empty() ? key.text : name + "." + key.text, depth + 1);
    }
  }

  const Pickle& pickle_;
  StorageOf storage_of_;
  std::deque<std::string>& copies_;
  TensorViews tensors_;
  size_t visits_ = 0;
};

/// The tensors whose names begin with `prefix`, without it.
TensorViews below(const TensorViews& tensors, std::string_view prefix) {
  TensorViews result;
  for (const auto& [name, view] : tensors) {
    if (starts_with(name, prefix)) result.emplace(name.substr(prefix.size()), view);
  }
  return result;
}

/// What training programs wrap around a state dict goes.
TensorViews without_wrapping(TensorViews tensors) {
  for (const std::string_view prefix : {"state_dict.", "model.state_dict.", "model."}) {
    TensorViews inner = below(tensors, prefix);
    if (inner.empty()) continue;
    tensors = std::move(inner);
    break;
  }
  const std::string_view parallel = "module.";
  const bool all = std::all_of(tensors.begin(), tensors.end(),
                               [&](const auto& entry) { return starts_with(entry.first, parallel); });
  return all ? below(tensors, parallel) : tensors;
}

}  // namespace

TensorViews state_dict_tensors(const Pickle& pickle, const StorageOf& storage_of,
                               std::deque<std::string>& copies) {
  TensorViews tensors = TensorWalk(pickle, storage_of, copies).from(pickle.root);
  if (tensors.empty()) throw Error(ErrorKind::kModel, "checkpoint holds no tensors", "", "give a state dict");
  return without_wrapping(std::move(tensors));
}

}  // namespace kiloword
