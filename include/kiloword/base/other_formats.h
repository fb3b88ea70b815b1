#pragma once

#include <filesystem>
#include <string_view>

namespace kiloword {

/// Throws Error(kModel) at `path` where `bytes`, the start of a file of a model, show what people take for
/// one and what to do about it: a Git LFS pointer, a web page, a model of llama.cpp (GGUF), of TensorFlow or
/// Keras (HDF5), of Flax (msgpack) or in ONNX.
void refuse_other_formats(std::string_view bytes, const std::filesystem::path& path);

/// The same for a folder that lacks weights, by the names of the files in it. Returns where there is none of
/// these.
void refuse_other_formats(const std::filesystem::path& folder);

}  // namespace kiloword
