#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword {

/// Whether `bytes` start like a file that `torch.save` wrote before PyTorch 1.6, which is not a zip archive.
bool looks_like_legacy_torch_file(std::string_view bytes);

/// The tensors of such a file (`torch.serialization._legacy_save`): pickles of a magic number, the format
/// version, the machine, the object and the keys of its storages, followed by each storage as its number of
/// elements (eight bytes, little-endian) and its bytes. The file must contain exactly the storages that the
/// object refers to, each once. Names and `copies`: see state_dict_tensors(). Throws Error(kModel) without
/// `where`.
TensorViews parse_legacy_torch_file(std::string_view bytes, std::deque<std::string>& copies);

}  // namespace kiloword
