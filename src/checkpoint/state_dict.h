#pragma once

#include <deque>
#include <string>

#include "checkpoint/pickle.h"
#include "checkpoint/stored_tensor.h"
#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword {

/// Longest pickle that is read, in bytes.
constexpr size_t kMaxPickleBytes = 64 << 20;

/// The tensors of a pickled state dict, whose storages `storage_of` gives. Names are the dictionary's keys,
/// those of nested dictionaries and modules joined by dots; a state dict that lies under "state_dict" or
/// "model" beside other things is taken alone, and "module." is dropped where every name begins so. Tensors
/// that are not stored row by row are put in order in `copies`, which must live as long as the views. Throws
/// Error(kModel) without a place.
TensorViews state_dict_tensors(const Pickle& pickle, const StorageOf& storage_of,
                               std::deque<std::string>& copies);

}  // namespace kiloword
