#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kiloword/batch/shard.h"

namespace kiloword {

/// What the file `OUTPUT.done` says of a finished shard.
struct ShardMark {
  Shard shard;
  uint64_t inputs = 0;           ///< of every shard; files, where shards are by input
  uint64_t inputs_in_shard = 0;  ///< images
  std::string listing;           ///< checksum of all paths
  std::string run;               ///< fingerprint of model, label sets and options

  /// Whether both are shards of the same whole.
  bool belongs_with(const ShardMark& other) const {
    return shard.count == other.shard.count && shard.unit == other.shard.unit && inputs == other.inputs &&
           listing == other.listing && run == other.run;
  }
};

/// The mark of `output`; none when there is none. Throws Error(kInput) for one that cannot be understood.
std::optional<ShardMark> read_shard_mark(const std::string& output);

/// The mark that a file of `content` holds; `where` is shown in errors. Throws Error(kInput).
ShardMark parse_shard_mark(std::string_view content, const std::string& where);
/// What such a file holds, without its end of line.
std::string shard_mark_json(const ShardMark& mark);

}  // namespace kiloword
