#pragma once

#include <cstdint>
#include <string_view>

#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword {

/// Longest JSON header of a safetensors file that is read; the limit of the format's own reader.
constexpr uint64_t kMaxSafetensorsHeaderBytes = 100'000'000;

/// The tensors of a safetensors image (format: eight bytes with the little-endian header length, a JSON
/// header, the tensors). It is taken as hostile: every view lies inside `bytes`, is as long as its type and
/// shape require, and no two share a byte. Throws Error(kModel) without a place.
TensorViews parse_safetensors(std::string_view bytes);

}  // namespace kiloword
