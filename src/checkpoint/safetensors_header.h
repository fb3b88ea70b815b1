#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/checkpoint/safetensors.h"

namespace kiloword {

/// One entry of the JSON header, as claimed: types are checked, ranges are not yet.
struct HeaderEntry {
  std::string name;
  TensorType type = TensorType::kF32;
  std::vector<int64_t> shape;  ///< every dimension >= 0
  uint64_t begin = 0;          ///< first byte, counted from the end of the header
  uint64_t end = 0;            ///< one past the last byte
};

/// The entries of a JSON header, in file order, without `__metadata__`. Throws Error(kModel) for invalid
/// JSON, duplicate names and fields of the wrong type.
std::vector<HeaderEntry> parse_safetensors_header(std::string_view json);

}  // namespace kiloword
