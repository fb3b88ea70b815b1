#pragma once

#include <cstdint>
#include <string_view>

#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword {

/// Maximum size of a safetensors file's JSON header, the limit of the format's reference reader.
constexpr uint64_t kMaxSafetensorsHeaderBytes = 100'000'000;

/// The tensors of the safetensors file `bytes` (format: eight bytes with the little-endian header length, a
/// JSON header, the tensors). Untrusted: every view lies within `bytes` and has the size that its type and
/// shape require, and views do not overlap. Throws Error(kModel) without `where`.
TensorViews parse_safetensors(std::string_view bytes);

}  // namespace kiloword
