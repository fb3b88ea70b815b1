#pragma once

#include <filesystem>
#include <string_view>

namespace kiloword {

/// Throws Error(kModel) at `path`, with a remedy, if `bytes`, the start of a model file, are in a format that
/// people mistake for a model's: a Git LFS pointer, a web page, or a model of llama.cpp (GGUF), of TensorFlow
/// or Keras (HDF5), of Flax (msgpack) or in ONNX.
void refuse_other_formats(std::string_view bytes, const std::filesystem::path& path);

/// The same for a folder that lacks weights, by the names of its files. Returns if none of them is in such a
/// format.
void refuse_other_formats(const std::filesystem::path& folder);

}  // namespace kiloword
