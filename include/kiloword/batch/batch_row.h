#pragma once

#include <string>

#include "kiloword/batch/batch_input.h"
#include "kiloword/batch/shard.h"

namespace kiloword {

/// The row of a batch: `record`, a JSON object of the schema, followed by the fields that resuming and
/// merging need: `key` for a member of a tar; `index`; `bytes` and `modified` of the file, if known; `run`,
/// the fingerprint of model, label sets and options; `shard`, Shard::text(), if there are several; and `file`
/// if shards are by input.
std::string batch_row(std::string record, const BatchInput& input, const std::string& run,
                      const Shard& shard = Shard());

}  // namespace kiloword
