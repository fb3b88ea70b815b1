#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "checkpoint/pickle.h"
#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword {

/// The bytes of a storage by its key in the pickle. Throws Error(kModel) for a key that is not there.
using StorageOf = std::function<std::string_view(const std::string& key)>;

/// A storage outside the pickle, as its persistent id describes it.
struct StorageId {
  TensorType type = TensorType::kF32;
  std::string key;
  uint64_t elements = 0;
};

/// Reads the persistent id `node`: ("storage", class, key, device, elements) and, in files from before
/// PyTorch 1.6, None or a part of another storage. Errors begin with `subject`. Throws Error(kModel) without
/// a place for anything else, parts of storages included.
StorageId read_storage_id(const Pickle& pickle, const PickleNode& node, const std::string& subject);

/// The node of the tensor that `index` stands for, through calls that wrap one (parameters); or none,
/// UINT32_MAX.
uint32_t find_tensor(const Pickle& pickle, uint32_t index);

/// The tensor of a node that find_tensor() gave, `name` for errors. One that is not stored row by row is put
/// in order in `copies`. Throws Error(kModel) without a place where it does not fit its storage.
TensorView stored_tensor(const Pickle& pickle, uint32_t index, const std::string& name,
                         const StorageOf& storage_of, std::deque<std::string>& copies);

}  // namespace kiloword
