#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// Element types of checkpoints, named as in the safetensors format ("F32", "BF16", ...).
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

/// The name of `type` in the safetensors format.
std::string_view tensor_type_name(TensorType type);
/// The type that the safetensors format calls `name`; none if unknown.
std::optional<TensorType> tensor_type_of(std::string_view name);

/// Bytes of one element.
uint64_t element_bytes(TensorType type);

/// One tensor of a checkpoint. `bytes` are little-endian, in row-major order, and may be unaligned.
struct TensorView {
  TensorType type = TensorType::kF32;
  std::vector<int64_t> shape;  ///< empty for a scalar
  std::string_view bytes;
};

/// By name, sorted.
using TensorViews = std::map<std::string, TensorView, std::less<>>;

}  // namespace kiloword
