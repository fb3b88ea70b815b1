#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword {

/// The tensors of `bytes`, a zip archive as `torch.save` or TorchScript's `save` write it. Names are a state
/// dict's keys, those of nested dictionaries and modules joined by dots; a state dict that lies under
/// "state_dict" or "model" beside other things is taken alone, and "module." is dropped where every name
/// begins so. Tensors that are not stored row by row are put in order in `copies`, which must live as long as
/// the views. Throws Error(kModel) without a place.
TensorViews parse_torch_archive(std::string_view bytes, std::deque<std::string>& copies);

/// Whether `bytes` begin like a file that PyTorch before 1.6 wrote, which is no archive.
bool looks_like_old_torch_file(std::string_view bytes);

}  // namespace kiloword
