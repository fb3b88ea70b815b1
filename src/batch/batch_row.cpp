#include "kiloword/batch/batch_row.h"

#include <nlohmann/json.hpp>

#include "batch/modified_time.h"
#include "kiloword/base/utf8.h"

namespace kiloword {

std::string batch_row(std::string record, const BatchInput& input, const std::string& run,
                      const Shard& shard) {
  record.pop_back();  // the closing brace
  if (!input.key.empty()) record += ",\"key\":" + nlohmann::json(to_valid_utf8(input.key)).dump();
  record += ",\"index\":" + std::to_string(input.index);
  if (input.stamp) {
    record += ",\"bytes\":" + std::to_string(input.stamp->bytes);
    record += ",\"modified\":\"" + modified_time(input.stamp->mtime_ns) + "\"";
  }
  record += ",\"run\":\"" + run + "\"";
  if (shard.count > 1) record += ",\"shard\":\"" + shard.text() + "\"";
  if (shard.by_input()) record += ",\"file\":" + std::to_string(input.listed_file);
  return record + "}";
}

}  // namespace kiloword
