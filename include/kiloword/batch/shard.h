#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kiloword {

/// A part of a batch: the inputs whose paths fall into one of `count` classes of a hash. Which part an input
/// belongs to depends on its path alone, not on the order or the number of inputs.
struct Shard {
  uint64_t number = 1;  ///< 1..count
  uint64_t count = 1;

  bool operator==(const Shard& other) const { return number == other.number && count == other.count; }
  bool contains(std::string_view path) const;
  /// "2/8"
  std::string text() const;
};

/// The shard that "I/N" names; none where it names none.
std::optional<Shard> shard_named(std::string_view text);
/// Reads "I/N", 1 <= I <= N <= 1,000,000. Throws Error(kUsage).
Shard parse_shard(const std::string& text);

}  // namespace kiloword
