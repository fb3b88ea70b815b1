#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "checkpoint/checkpoint_builder.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "support/temporary_folder.h"

namespace kiloword::testing {

using NamedTensors = std::map<std::string, at::Tensor>;

inline std::string safetensors_dtype(at::ScalarType type) {
  switch (type) {
    case at::kHalf:
      return "F16";
    case at::kBFloat16:
      return "BF16";
    case at::kDouble:
      return "F64";
    case at::kLong:
      return "I64";
    default:
      return "F32";
  }
}

/// A checkpoint file's bytes with these tensors.
inline std::string checkpoint_of(const NamedTensors& tensors) {
  std::string header = "{";
  std::string data;
  for (const auto& [name, value] : tensors) {
    const at::Tensor tensor = value.contiguous();
    std::string shape;
    for (const int64_t size : tensor.sizes()) shape += (shape.empty() ? "" : ",") + std::to_string(size);
    const size_t begin = data.size();
    data.append(static_cast<const char*>(tensor.data_ptr()), tensor.nbytes());
    header += (header.size() > 1 ? ",\"" : "\"") + name + R"(":{"dtype":")" +
              safetensors_dtype(tensor.scalar_type()) + R"(","shape":[)" + shape + R"(],"data_offsets":[)" +
              std::to_string(begin) + "," + std::to_string(data.size()) + "]}";
  }
  return checkpoint_bytes(header + "}", data);
}

/// Such a file in a folder of its own.
class WeightsFile {
 public:
  explicit WeightsFile(const NamedTensors& tensors)
      : file_(Checkpoint::open(folder_.write("model.safetensors", checkpoint_of(tensors)))) {}

  const std::shared_ptr<const Checkpoint>& file() const { return file_; }
  std::string path() const { return file_->path().string(); }

 private:
  TemporaryFolder folder_;
  std::shared_ptr<const Checkpoint> file_;
};

}  // namespace kiloword::testing
