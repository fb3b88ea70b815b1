#include "checkpoint/legacy_torch_file.h"

#include <map>

#include "checkpoint/pickle.h"
#include "checkpoint/state_dict.h"
#include "checkpoint/stored_tensor.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using Kind = PickleNode::Kind;
using namespace std::string_view_literals;

/// A pickle of protocol 2 with the number 0x1950a86a20f9469cfc6c.
constexpr std::string_view kMark = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."sv;
constexpr int64_t kFormatVersion = 1001;

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorKind::kModel, what, "", "download the model again");
}

struct Storage {
  TensorType type = TensorType::kF32;
  uint64_t elements = 0;
  std::string_view bytes;
  bool is_stored = false;
};

using Storages = std::map<std::string, Storage, std::less<>>;

Pickle take_small_pickle(std::string_view& bytes) {
  std::string_view rest = bytes.substr(0, kMaxPickleBytes);
  const size_t available = rest.size();
  Pickle pickle = take_pickle(rest);
  bytes.remove_prefix(available - rest.size());
  return pickle;
}

void take_version(std::string_view& bytes) {
  const Pickle pickle = take_small_pickle(bytes);
  const PickleNode& version = pickle.at(pickle.root);
  if (version.kind != Kind::kInteger || version.integer != kFormatVersion)
    fail("PyTorch file is not of version 1001, the only one before PyTorch 1.6");
}

void take_machine(std::string_view& bytes) {
  const Pickle pickle = take_small_pickle(bytes);
  const PickleNode& machine = pickle.at(pickle.root);
  if (machine.kind == Kind::kDictionary) {
    for (size_t i = 0; i + 1 < machine.children.size(); i += 2) {
      if (pickle.at(machine.children[i]).text != "little_endian") continue;
      const PickleNode& value = pickle.at(machine.children[i + 1]);
      if (value.kind == Kind::kBool && value.integer == 1) return;
      fail("checkpoint was written on a big-endian machine");
    }
  }
  fail("PyTorch file does not state its byte order");
}

/// The storages that `object` names.
Storages named_storages(const Pickle& object) {
  Storages storages;
  for (const PickleNode& node : object.nodes) {
    if (node.kind != Kind::kPersistent) continue;
    const StorageId id = read_storage_id(object, node, "a tensor");
    const auto [entry, is_new] = storages.try_emplace(id.key, Storage{id.type, id.elements, {}, false});
    if (!is_new && (entry->second.type != id.type || entry->second.elements != id.elements))
      fail("storage \"" + id.key + "\" is described in two ways");
  }
  return storages;
}

uint64_t take_count(std::string_view& bytes, const std::string& key) {
  constexpr size_t kDigits = 8;
  if (bytes.size() < kDigits) fail("truncated PyTorch file: storage \"" + key + "\" is missing");
  uint64_t count = 0;
  for (size_t i = kDigits; i-- > 0;) count = (count << 8) | static_cast<unsigned char>(bytes[i]);
  bytes.remove_prefix(kDigits);
  return count;
}

void take_storage(std::string_view& bytes, const std::string& key, Storage& storage) {
  const uint64_t count = take_count(bytes, key);
  if (count != storage.elements) {
    fail("storage \"" + key + "\" has " + std::to_string(count) + " elements, its tensors expect " +
         std::to_string(storage.elements));
  }
  const uint64_t available = bytes.size() / element_bytes(storage.type);
  if (count > available) {
    fail("truncated PyTorch file: storage \"" + key + "\" has " + std::to_string(count) + " elements, " +
         std::to_string(available) + " are left");
  }
  storage.bytes = bytes.substr(0, count * element_bytes(storage.type));
  storage.is_stored = true;
  bytes.remove_prefix(storage.bytes.size());
}

/// Fills `storages` from the list of keys and the data that end the file.
void take_storages(std::string_view bytes, Storages& storages) {
  const Pickle pickle = take_small_pickle(bytes);
  const PickleNode& keys = pickle.at(pickle.root);
  if (keys.kind != Kind::kSequence) fail("PyTorch file has no list of storages");
  for (const uint32_t child : keys.children) {
    const std::string& key = pickle.at(child).text;
    const auto found = storages.find(key);
    if (found == storages.end()) fail("storage \"" + key + "\" belongs to no tensor");
    if (found->second.is_stored) fail("storage \"" + key + "\" is stored twice");
    take_storage(bytes, key, found->second);
  }
  if (!bytes.empty()) fail("PyTorch file has " + std::to_string(bytes.size()) + " bytes after its end");
  for (const auto& [key, storage] : storages) {
    if (!storage.is_stored) fail("storage \"" + key + "\" is not in the list of storages");
  }
}

}  // namespace

bool looks_like_legacy_torch_file(std::string_view bytes) {
  return bytes.substr(0, kMark.size()) == kMark;
}

TensorViews parse_legacy_torch_file(std::string_view bytes, std::deque<std::string>& copies) {
  if (!looks_like_legacy_torch_file(bytes)) fail("not a file of PyTorch before 1.6");
  bytes.remove_prefix(kMark.size());
  take_version(bytes);
  take_machine(bytes);
  const Pickle object = take_small_pickle(bytes);
  Storages storages = named_storages(object);
  take_storages(bytes, storages);
  const StorageOf storage_of = [&storages](const std::string& key) { return storages.at(key).bytes; };
  return state_dict_tensors(object, storage_of, copies);
}

}  // namespace kiloword
