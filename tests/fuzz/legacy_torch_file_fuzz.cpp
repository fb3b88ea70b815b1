// A file of PyTorch before 1.6 of any bytes: the reader answers with an Error or with views that lie inside
// the input or among the copies, as long as their shapes say.

#include <cstddef>

#include "checkpoint/legacy_torch_file.h"
#include "fuzz/tensor_views.h"
#include "kiloword/base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::deque<std::string> copies;
  try {
    kiloword::fuzz::check_views(kiloword::parse_legacy_torch_file(bytes, copies), bytes, copies);
  } catch (const kiloword::Error& error) {
    if (error.kind() != kiloword::ErrorKind::kModel) std::abort();
  }
  return 0;
}
