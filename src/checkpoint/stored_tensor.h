#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "checkpoint/pickle.h"
#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword {

/// Returns the bytes of a storage by its key in the pickle. Throws Error(kModel) for an unknown key.
using StorageOf = std::function<std::string_view(const std::string& key)>;

/// A storage outside the pickle, as described by its persistent id.
struct StorageId {
  TensorType type = TensorType::kF32;
  std::string key;
  uint64_t elements = 0;
};

/// Parses the persistent id `node`: ("storage", class, key, device, elements) and, in files from before
/// PyTorch 1.6, None or a view of another storage. Error messages start with `subject`. Throws Error(kModel)
/// without `where` for anything else, including views of storages.
StorageId read_storage_id(const Pickle& pickle, const PickleNode& node, const std::string& subject);

/// Follows calls that wrap a tensor (parameters) from `index` to the tensor's node; UINT32_MAX if there is
/// none.
uint32_t find_tensor(const Pickle& pickle, uint32_t index);

/// The tensor at a node returned by find_tensor(); errors name `name`. A tensor that is not stored in
/// row-major order is copied to `copies`. Throws Error(kModel) without `where` if it does not fit its
/// storage.
TensorView stored_tensor(const Pickle& pickle, uint32_t index, const std::string& name,
                         const StorageOf& storage_of, std::deque<std::string>& copies);

}  // namespace kiloword
