#pragma once

#include <optional>
#include <string_view>

#include "kiloword/nn/transformer_shape.h"

namespace kiloword {

/// The activation called `name` in transformers, which has several names for some; none if unknown.
inline std::optional<Activation> activation_of(std::string_view name) {
  if (name == "quick_gelu") return Activation::kQuickGelu;
  if (name == "gelu" || name == "gelu_python") return Activation::kGelu;
  for (const std::string_view tanh :
       {"gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_accurate"}) {
    if (name == tanh) return Activation::kTanhGelu;
  }
  return std::nullopt;
}

}  // namespace kiloword
