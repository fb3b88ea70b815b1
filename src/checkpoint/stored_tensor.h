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

/// The node of the tensor that `index` stands for, through calls that wrap one (parameters); or none,
/// UINT32_MAX.
uint32_t find_tensor(const Pickle& pickle, uint32_t index);

/// The tensor of a node that find_tensor() gave, `name` for errors. One that is not stored row by row is put
/// in order in `copies`. Throws Error(kModel) without a place where it does not fit its storage.
TensorView stored_tensor(const Pickle& pickle, uint32_t index, const std::string& name,
                         const StorageOf& storage_of, std::deque<std::string>& copies);

}  // namespace kiloword
