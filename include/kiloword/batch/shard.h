#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kiloword {

/// The unit of sharding: an image, wherever it is, or an input: a file, an archive with all its members.
enum class ShardUnit { kImage, kInput };

/// A part of a batch: the units whose paths fall into one of `count` classes of a hash. The shard of a unit
/// depends on its path alone, not on the order or number of inputs.
struct Shard {
  uint64_t number = 1;  ///< 1..count
  uint64_t count = 1;
  ShardUnit unit = ShardUnit::kImage;

  bool operator==(const Shard& other) const {
    return number == other.number && count == other.count && unit == other.unit;
  }
  bool by_input() const { return unit == ShardUnit::kInput; }
  bool contains(std::string_view path) const;
  /// "2/8", or "2/8 by input"
  std::string text() const;
};

/// The shard whose text() `text` is; none where it names none.
std::optional<Shard> shard_named(std::string_view text);
/// Reads "I/N", 1 <= I <= N <= 1,000,000. The only part of a whole, 1/1, is always by image. Throws
/// Error(kUsage).
Shard parse_shard(const std::string& text, ShardUnit unit = ShardUnit::kImage);

}  // namespace kiloword
