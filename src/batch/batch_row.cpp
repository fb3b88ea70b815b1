#include "kiloword/batch/batch_row.h"

#include "batch/modified_time.h"

namespace kiloword {

std::string batch_row(std::string record, const BatchInput& input, const std::string& run,
                      const Shard& shard) {
  record.pop_back();  // the closing brace; nothing that follows needs escaping
  record += ",\"index\":" + std::to_string(input.index);
  if (input.stamp) {
    record += ",\"bytes\":" + std::to_string(input.stamp->bytes);
    record += ",\"modified\":\"" + modified_time(input.stamp->mtime_ns) + "\"";
  }
  record += ",\"run\":\"" + run + "\"";
  if (shard.count > 1) record += ",\"shard\":\"" + shard.text() + "\"";
  return record + "}";
}

}  // namespace kiloword
