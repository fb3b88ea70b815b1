#pragma once

#include <string_view>

#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword {

/// Whether weights of `type` can be read: F32, F16 and BF16.
bool is_weight_type(TensorType type);

/// The values of `bytes`, of a type that is_weight_type(), as 32-bit floats in `out`; exact. Returns false
/// where one is not finite.
bool read_weight_values(TensorType type, std::string_view bytes, float* out);

}  // namespace kiloword
