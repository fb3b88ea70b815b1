#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kiloword/batch/shard.h"

namespace kiloword {

/// The content of `OUTPUT.done`, which marks a finished shard.
struct ShardMark {
  Shard shard;
  uint64_t inputs = 0;           ///< in all shards; for shards by input, files
  uint64_t inputs_in_shard = 0;  ///< images
  std::string listing;           ///< checksum of all paths
  std::string run;               ///< fingerprint of model, label sets and options

  /// Whether both are shards of the same run.
  bool belongs_with(const ShardMark& other) const {
    return shard.count == other.shard.count && shard.unit == other.shard.unit && inputs == other.inputs &&
           listing == other.listing && run == other.run;
  }
};

/// The mark of `output`, or none. Throws Error(kInput) for an invalid one.
std::optional<ShardMark> read_shard_mark(const std::string& output);

/// Parses the content of a mark file; errors name `where`. Throws Error(kInput).
ShardMark parse_shard_mark(std::string_view content, const std::string& where);
/// The content of the mark file, without the end of line.
std::string shard_mark_json(const ShardMark& mark);

}  // namespace kiloword
