#include "kiloword/base/other_formats.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& what, const fs::path& path, const std::string& remedy) {
  throw Error(ErrorKind::kModel, what, path.string(), remedy);
}

[[noreturn]] void refuse_format(const std::string& format, const fs::path& path) {
  refuse("a model in the format of " + format + ", which is not supported", path,
         "use the model's safetensors or PyTorch files");
}

/// What the name of a file says: models of other programs have endings of their own.
const char* format_by_name(const fs::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".gguf" || extension == ".ggml") return "llama.cpp (GGUF)";
  if (extension == ".onnx") return "ONNX";
  if (extension == ".h5" || extension == ".keras") return "TensorFlow (HDF5)";
  if (extension == ".msgpack") return "Flax (msgpack)";
  if (extension == ".tflite") return "TensorFlow Lite";
  if (extension == ".mlpackage" || extension == ".mlmodel") return "Core ML";
  if (path.filename() == "saved_model.pb") return "TensorFlow";
  if (path.filename() == "openvino_model.xml") return "OpenVINO";
  return nullptr;
}

}  // namespace

void refuse_other_formats(std::string_view bytes, const fs::path& path) {
  const auto begins = [bytes](std::string_view start) { return bytes.substr(0, start.size()) == start; };
  if (begins("version https://git-lfs"))
    refuse("a Git LFS pointer instead of the file", path,
           "run git lfs pull in its folder, or download the file");
  const std::string_view text = bytes.substr(std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size()));
  const auto text_begins = [text](std::string_view start) { return text.substr(0, start.size()) == start; };
  if (text_begins("<!DOCTYPE") || text_begins("<!doctype") || text_begins("<html"))
    refuse("a web page instead of the file", path, "download the model again");
  if (begins("GGUF")) refuse_format("llama.cpp (GGUF)", path);
  if (begins("\x89HDF\r\n")) refuse_format("TensorFlow (HDF5)", path);
  if (const char* format = format_by_name(path)) refuse_format(format, path);
}

void refuse_other_formats(const fs::path& folder) {
  for (const fs::path& place : {folder, folder / "onnx"}) {
    std::error_code failed;
    for (const fs::directory_entry& entry : fs::directory_iterator(place, failed)) {
      if (const char* format = format_by_name(entry.path())) refuse_format(format, entry.path());
    }
  }
}

}  // namespace kiloword
