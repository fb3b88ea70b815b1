#include "kiloword/nn/torch_error.h"

namespace kiloword {

Error from_torch_error(const c10::Error& error, const std::string& where) {
  const std::string message = error.what_without_backtrace();
  const std::string line = message.substr(0, message.find('\n'));
  if (line.find("allocate memory") != std::string::npos || line.find("out of memory") != std::string::npos) {
    return {ErrorKind::kInternal, "not enough memory", where, "use a smaller model or a smaller batch"};
  }
  return {ErrorKind::kInternal, "libtorch: " + line, where, "report this as a defect"};
}

}  // namespace kiloword
