#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/base/file.h"
#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword {

/// The named tensors of a model, memory-mapped from one or more files. Files are untrusted: every view lies
/// within its file and has exactly the size that its type and shape require.
class Checkpoint {
 public:
  /// Opens a checkpoint: safetensors, or a file of `torch.save` (zip archive, or legacy format before PyTorch
  /// 1.6) or TorchScript, from which only tensors are built and nothing is executed. These formats are
  /// detected from content; `*.index.json` is the index of a sharded checkpoint. Prefixes that all names in a
  /// file have in common ("module.", "model.", ...) are removed. Throws Error(kModel) for an unreadable or
  /// malformed file.
  static std::shared_ptr<const Checkpoint> open(const std::filesystem::path& path);

  /// The checkpoint file, or the index of a sharded checkpoint.
  const std::filesystem::path& path() const { return path_; }
  /// Views are valid as long as this object.
  const TensorViews& tensors() const { return tensors_; }
  /// The tensor `name`, or nullptr.
  const TensorView* find(std::string_view name) const;

  /// Throws Error(kModel) if a file has been modified since it was opened. Call it before reading views
  /// later.
  void require_unchanged() const;

  /// Advises the system that `part` of a view's bytes will not be read soon, so that mapped pages do not
  /// count as used memory beside the tensor converted from them. The bytes remain readable.
  void release(std::string_view part) const;

 private:
  explicit Checkpoint(std::filesystem::path path) : path_(std::move(path)) {}

  void add_file(const std::filesystem::path& path);
  void add_shards();

  std::filesystem::path path_;
  std::vector<MappedFile> files_;
  std::deque<std::string> copies_;  // tensors that are not stored in row-major order
  TensorViews tensors_;
};

/// The weight file in `folder`: the first that exists of model.safetensors and pytorch_model.bin, each as one
/// file or as the index of a sharded checkpoint, then OpenCLIP's open_clip_model.safetensors and
/// open_clip_pytorch_model.bin. With `open_clip`, OpenCLIP's names are tried first. Throws Error(kModel) if
/// there is none.
std::filesystem::path find_weights(const std::filesystem::path& folder, bool open_clip = false);

}  // namespace kiloword
