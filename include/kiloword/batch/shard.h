#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kiloword {

/// The unit of sharding: an image, or an input, that is a file or an archive with all its members.
enum class ShardUnit { kImage, kInput };

/// A part of a batch: the units whose paths hash to one of `count` buckets. The shard of a unit depends only
/// on its path, not on the order or number of inputs.
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

/// The shard with the text() `text`; none if there is none.
std::optional<Shard> shard_named(std::string_view text);
/// Reads "I/N", 1 <= I <= N <= 1,000,000. 1/1 is always by image. Throws Error(kUsage).
Shard parse_shard(const std::string& text, ShardUnit unit = ShardUnit::kImage);

}  // namespace kiloword
