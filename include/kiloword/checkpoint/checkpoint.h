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

/// The named tensors of a model, mapped into memory from one or several files, which are taken as hostile:
/// every view lies inside its file and is as long as its type and shape require.
class Checkpoint {
 public:
  /// Opens a checkpoint in any of these formats, detected from content: safetensors; what PyTorch's
  /// `torch.save` writes (zip archives, and the files of PyTorch before 1.6) and TorchScript's archives, of
  /// which only tensors are built and nothing is executed; and the index of a checkpoint in several such
  /// files (`*.index.json`). Throws Error(kModel) for a file that cannot be read or is no well-formed
  /// checkpoint.
  static std::shared_ptr<const Checkpoint> open(const std::filesystem::path& path);

  /// The file, or the index of several.
  const std::filesystem::path& path() const { return path_; }
  /// Views live as long as this object.
  const TensorViews& tensors() const { return tensors_; }
  /// The tensor called `name`, or nullptr.
  const TensorView* find(std::string_view name) const;

  /// Throws Error(kModel) where a file was written to since it was opened: for whoever reads views later.
  void require_unchanged() const;

  /// Advises the system that `part` of a view's bytes will not be read soon, so that a mapped file does not
  /// count as memory in use beside what was made from it. They can still be read.
  void release(std::string_view part) const;

 private:
  explicit Checkpoint(std::filesystem::path path) : path_(std::move(path)) {}

  void add_file(const std::filesystem::path& path);
  void add_shards();

  std::filesystem::path path_;
  std::vector<MappedFile> files_;
  std::deque<std::string> copies_;  // tensors that are not stored row by row
  TensorViews tensors_;
};

/// The file of `folder` that holds a model's weights: the first there is of model.safetensors and
/// pytorch_model.bin, each as one file or as an index of several, then of OpenCLIP's
/// open_clip_model.safetensors and open_clip_pytorch_model.bin; those first where `open_clip`.
/// Throws Error(kModel) where there is none.
std::filesystem::path find_weights(const std::filesystem::path& folder, bool open_clip = false);

}  // namespace kiloword
