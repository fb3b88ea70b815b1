#pragma once

#include <string>

#include "kiloword/batch/batch_input.h"
#include "kiloword/batch/shard.h"

namespace kiloword {

/// The row of a batch: `record`, a JSON object of the schema, with the fields that resuming and merging need
/// appended: of a member of a tar its `key`, `index`, where it is known `bytes` and `modified` of the file,
/// `run`, the fingerprint of model, label sets and options, in a part of a whole `shard`, Shard::text(), and
/// in a part by input `file`.
std::string batch_row(std::string record, const BatchInput& input, const std::string& run,
                      const Shard& shard = Shard());

}  // namespace kiloword
