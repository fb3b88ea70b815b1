#pragma once

#include <cstdint>
#include <cstdlib>
#include <deque>
#include <string>
#include <string_view>

#include "kiloword/checkpoint/tensor_view.h"

namespace kiloword::fuzz {

inline bool lies_in(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

/// Aborts unless every view lies inside `bytes` or among `copies` and is as long as its shape says.
inline void check_views(const TensorViews& views, std::string_view bytes,
                        const std::deque<std::string>& copies) {
  for (const auto& [name, view] : views) {
    bool inside = view.bytes.empty() || lies_in(view.bytes, bytes);
    for (const std::string& copy : copies) inside = inside || lies_in(view.bytes, copy);
    uint64_t wanted = element_bytes(view.type);
    for (const int64_t dimension : view.shape) wanted *= static_cast<uint64_t>(dimension);
    if (!inside || wanted != view.bytes.size()) std::abort();
  }
}

}  // namespace kiloword::fuzz
