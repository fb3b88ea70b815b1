#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/base/file.h"

namespace kiloword {

/// Element types of the safetensors format; names as in the file ("F32", "BF16", ...).
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

/// The format's spelling of `type`.
std::string_view tensor_type_name(TensorType type);

/// One tensor of a mapped checkpoint. `bytes` are little-endian, row by row, and need not be aligned.
struct TensorView {
  TensorType type = TensorType::kF32;
  std::vector<int64_t> shape;  ///< empty for a scalar
  std::string_view bytes;
};

/// A `*.safetensors` file (format: eight bytes with the little-endian header length, a JSON header, the
/// tensors), mapped into memory. The header is taken as hostile: after construction every view lies inside
/// the file, is as long as its type and shape say, and no two share a byte.
class SafetensorsFile {
 public:
  /// Longest JSON header that is read; the limit of the format's own reader.
  static constexpr uint64_t kMaxHeaderBytes = 100'000'000;

  /// Throws Error(kModel) for a file that cannot be read or is not a well-formed checkpoint.
  explicit SafetensorsFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  /// By name, in alphabetical order. Views live as long as this object.
  const std::map<std::string, TensorView, std::less<>>& tensors() const { return tensors_; }
  /// The tensor called `name`, or nullptr.
  const TensorView* find(std::string_view name) const;

 private:
  std::filesystem::path path_;
  MappedFile file_;
  std::map<std::string, TensorView, std::less<>> tensors_;
};

/// The tensors of a safetensors image in memory: the checks of SafetensorsFile on any bytes.
/// Throws Error(kModel) without a place.
std::map<std::string, TensorView, std::less<>> parse_safetensors(std::string_view bytes);

}  // namespace kiloword
