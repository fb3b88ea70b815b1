#pragma once

#include <filesystem>
#include <string_view>

namespace kiloword {

/// Throws Error(kModel) at `path`, with a remedy, if `bytes`, the start of a model file, are in a format that
/// is not supported but easily mistaken for one that is: a Git LFS pointer, a web page, or a model of
/// llama.cpp (GGUF), of TensorFlow or Keras (HDF5), of Flax (msgpack) or in ONNX.
void refuse_other_formats(std::string_view bytes, const std::filesystem::path& path);

/// The same for a folder without weights, by the names of its files. Returns if none has such a format.
void refuse_other_formats(const std::filesystem::path& folder);

}  // namespace kiloword
