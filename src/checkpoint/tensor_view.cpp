#include "kiloword/checkpoint/tensor_view.h"

#include <utility>

namespace kiloword {
namespace {

constexpr std::pair<std::string_view, TensorType> kTypes[] = {
    {"BOOL", TensorType::kBool},      {"U8", TensorType::kU8},   {"I8", TensorType::kI8},
    {"F8_E4M3", TensorType::kF8E4M3}, {"I16", TensorType::kI16}, {"U16", TensorType::kU16},
    {"F8_E5M2", TensorType::kF8E5M2}, {"F16", TensorType::kF16}, {"BF16", TensorType::kBF16},
    {"I32", TensorType::kI32},        {"U32", TensorType::kU32}, {"F32", TensorType::kF32},
    {"I64", TensorType::kI64},        {"U64", TensorType::kU64}, {"F64", TensorType::kF64},
};

}  // namespace

std::string_view tensor_type_name(TensorType type) {
  for (const auto& [spelling, known] : kTypes) {
    if (known == type) return spelling;
  }
  return "?";
}

std::optional<TensorType> tensor_type_of(std::string_view name) {
  for (const auto& [spelling, type] : kTypes) {
    if (spelling == name) return type;
  }
  return std::nullopt;
}

uint64_t element_bytes(TensorType type) {
  switch (type) {
    case TensorType::kBool:
    case TensorType::kU8:
    case TensorType::kI8:
    case TensorType::kF8E4M3:
    case TensorType::kF8E5M2:
      return 1;
    case TensorType::kI16:
    case TensorType::kU16:
    case TensorType::kF16:
    case TensorType::kBF16:
      return 2;
    case TensorType::kI32:
    case TensorType::kU32:
    case TensorType::kF32:
      return 4;
    case TensorType::kI64:
    case TensorType::kU64:
    case TensorType::kF64:
      break;
  }
  return 8;
}

}  // namespace kiloword
