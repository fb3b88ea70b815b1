#pragma once

#include <string_view>

#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword {

/// Whether weights of `type` can be read: F32, F16 or BF16.
bool is_weight_type(TensorType type);

/// Converts `bytes`, of a type for which is_weight_type() is true, to 32-bit floats in `out`, exactly.
/// Returns false if a value is not finite.
bool read_weight_values(TensorType type, std::string_view bytes, float* out);

}  // namespace kiloword
