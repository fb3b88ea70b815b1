#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// Element types of checkpoints; spelled as in the safetensors format ("F32", "BF16", ...).
enum class TensorType {
  kBool,
  kU8,
  kI8,
  kF8E4M3,
  kF8E5M2,
  kI16,
  kU16,
  kF16,
  kBF16,
  kI32,
  kU32,
  kF32,
  kI64,
  kU64,
  kF64
};

/// The safetensors format's spelling of `type`.
std::string_view tensor_type_name(TensorType type);
/// The type that the format spells `name`; none where it knows no such type.
std::optional<TensorType> tensor_type_of(std::string_view name);

/// Bytes of one element.
uint64_t element_bytes(TensorType type);

/// One tensor of a checkpoint. `bytes` are little-endian, row by row, and need not be aligned.
struct TensorView {
  TensorType type = TensorType::kF32;
  std::vector<int64_t> shape;  ///< empty for a scalar
  std::string_view bytes;
};

/// By name, in alphabetical order.
using TensorViews = std::map<std::string, TensorView, std::less<>>;

}  // namespace kiloword
