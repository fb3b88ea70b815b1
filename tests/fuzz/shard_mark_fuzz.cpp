// The marks beside outputs of finished shards: one whose numbers can be counted with, or one clear error.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "batch/shard_mark.h"
#include "kiloword/base/error.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view content(reinterpret_cast<const char*>(data), size);
  try {
    const kiloword::ShardMark mark = kiloword::parse_shard_mark(content, "rows.jsonl.done");
    require(mark.shard.number >= 1 && mark.shard.number <= mark.shard.count);
    require(mark.shard.by_input() || mark.inputs_in_shard <= mark.inputs);
    require(mark.belongs_with(mark));
    const std::string written = kiloword::shard_mark_json(mark);
    require(kiloword::shard_mark_json(kiloword::parse_shard_mark(written, "written.done")) == written);
  } catch (const kiloword::Error& error) {
    require(error.kind() == kiloword::ErrorKind::kInput);
  }
  return 0;
}
