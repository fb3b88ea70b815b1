#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword {

/// The tensors of `bytes`, a zip archive as written by `torch.save` or TorchScript's `save`. Names and
/// `copies`: see state_dict_tensors(). Throws Error(kModel) without `where`.
TensorViews parse_torch_archive(std::string_view bytes, std::deque<std::string>& copies);

}  // namespace kiloword
