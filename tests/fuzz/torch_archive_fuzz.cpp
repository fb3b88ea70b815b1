// A PyTorch archive of any bytes: the reader answers with an Error or with views that lie inside the input or
// among the copies, as long as their shapes say.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <string>
#include <string_view>

#include "checkpoint/torch_archive.h"
#include "kiloword/base/error.h"

namespace {

bool lies_in(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::deque<std::string> copies;
  try {
    for (const auto& [name, view] : kiloword::parse_torch_archive(bytes, copies)) {
      bool inside = view.bytes.empty() || lies_in(view.bytes, bytes);
      for (const std::string& copy : copies) inside = inside || lies_in(view.bytes, copy);
      uint64_t wanted = kiloword::element_bytes(view.type);
      for (const int64_t dimension : view.shape) wanted *= static_cast<uint64_t>(dimension);
      if (!inside || wanted != view.bytes.size()) std::abort();
    }
  } catch (const kiloword::Error& error) {
    if (error.kind() != kiloword::ErrorKind::kModel) std::abort();
  }
  return 0;
}
