// A checkpoint of any bytes: the reader answers with an Error or with views that lie inside the input.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "kiloword/base/error.h"
#include "kiloword/checkpoint/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    for (const auto& [name, view] : kiloword::parse_safetensors(bytes)) {
      const bool inside =
          view.bytes.data() >= bytes.data() && view.bytes.data() + view.bytes.size() <= bytes.data() + size;
      if (!inside && !view.bytes.empty()) std::abort();
    }
  } catch (const kiloword::Error& error) {
    if (error.kind() != kiloword::ErrorKind::kModel) std::abort();
  }
  return 0;
}
