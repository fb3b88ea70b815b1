#pragma once

#include <deque>
#include <string>

#include "checkpoint/pickle.h"
#include "checkpoint/stored_tensor.h"
#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword {

/// Maximum size of a pickle, in bytes.
constexpr size_t kMaxPickleBytes = 64 << 20;

/// The tensors of a pickled state dict, with storages from `storage_of`. Names are the keys of nested
/// dictionaries and modules, joined with dots. If the state dict is an entry of a training checkpoint
/// ("state_dict", "model", ...), only that entry is used. Tensors that are not stored in row-major order are
/// copied to `copies`, which must outlive the views. Throws Error(kModel) without `where`.
TensorViews state_dict_tensors(const Pickle& pickle, const StorageOf& storage_of,
                               std::deque<std::string>& copies);

}  // namespace kiloword
