#include "checkpoint/torch_archive.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "checkpoint/pickle.h"
#include "checkpoint/stored_tensor.h"
#include "checkpoint/zip_directory.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using Kind = PickleNode::Kind;

constexpr const char* kRemedy = "download the model again";
constexpr size_t kMaxPickleBytes = 64 << 20;

/// The folder in the archive that holds data.pkl, "" or with a slash at its end.
std::string root_folder(const ZipMembers& members) {
  const std::string name = "data.pkl";
  for (const auto& [member, bytes] : members) {
    if (member.size() < name.size() || member.compare(member.size() - name.size(), name.size(), name) != 0)
      continue;
    std::string folder = member.substr(0, member.size() - name.size());
    if (folder.empty() || folder.find('/') == folder.size() - 1) return folder;
  }
  throw Error(ErrorKind::kModel, "zip archive is not PyTorch's: it has no data.pkl", "",
              "give a checkpoint that torch.save or TorchScript wrote");
}

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
      throw Error(ErrorKind::kModel, "checkpoint is nested too deeply", "", kRemedy);
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

bool starts_with(const std::string& text, std::string_view start) {
  return text.compare(0, start.size(), start) == 0;
}

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

bool looks_like_old_torch_file(std::string_view bytes) {
  // A pickle of protocol 2 with the number 0x1950a86a20f9469cfc6c, the old format's mark.
  constexpr std::array<unsigned char, 14> kMark{0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c,
                                                0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19};
  if (bytes.size() < kMark.size()) return false;
  return std::equal(kMark.begin(), kMark.end(), bytes.begin(),
                    [](unsigned char a, char b) { return a == static_cast<unsigned char>(b); });
}

TensorViews parse_torch_archive(std::string_view bytes, std::deque<std::string>& copies) {
  const ZipMembers members = parse_zip_directory(bytes);
  const std::string root = root_folder(members);
  const std::string order = root + "byteorder";
  if (members.count(order) != 0 && stored_member(members, order) != "little")
    throw Error(ErrorKind::kModel, "checkpoint was written on a big-endian machine", "", kRemedy);
  const std::string_view text = stored_member(members, root + "data.pkl");
  if (text.size() > kMaxPickleBytes) throw Error(ErrorKind::kModel, "data.pkl is too large", "", kRemedy);
  const Pickle pickle = parse_pickle(text);
  const StorageOf storage_of = [&](const std::string& key) {
    return stored_member(members, root + "data/" + key);
  };
  TensorViews tensors = TensorWalk(pickle, storage_of, copies).from(pickle.root);
  if (tensors.empty()) throw Error(ErrorKind::kModel, "checkpoint holds no tensors", "", "give a state dict");
  return without_wrapping(std::move(tensors));
}

}  // namespace kiloword
