#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword::testing {

/// The bytes of a safetensors file with this header and data, however wrong they are.
inline std::string checkpoint_bytes(std::string_view header, std::string_view data) {
  std::string bytes;
  const uint64_t length = header.size();
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> (8 * i));
  return bytes.append(header).append(data);
}

/// The bytes of `values` in memory, which is little-endian wherever these tests run.
template <typename Value>
std::string raw_bytes(const std::vector<Value>& values) {
  std::string bytes(values.size() * sizeof(Value), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

}  // namespace kiloword::testing
