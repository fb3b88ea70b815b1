#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword {

/// Whether `bytes` begin like a file that `torch.save` of PyTorch before 1.6 wrote, which is no archive.
bool looks_like_legacy_torch_file(std::string_view bytes);

/// The tensors of such a file (`torch.serialization._legacy_save`): pickles of a mark, the format's version,
/// the machine, the object and the keys of its storages, then each storage as its number of elements (eight
/// bytes, little-endian) and its bytes. Every storage that the object names must be there once, and nothing
/// else. Names and `copies` are as state_dict_tensors() has them. Throws Error(kModel) without a place.
TensorViews parse_legacy_torch_file(std::string_view bytes, std::deque<std::string>& copies);

}  // namespace kiloword
