#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword {

/// The tensors of `bytes`, a zip archive as `torch.save` or TorchScript's `save` write it; names and `copies`
/// as state_dict_tensors() has them. Throws Error(kModel) without a place.
TensorViews parse_torch_archive(std::string_view bytes, std::deque<std::string>& copies);

}  // namespace kiloword
