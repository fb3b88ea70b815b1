#pragma once

#include <string>

#include "kiloword/batch/batch_input.h"

namespace kiloword {

/// The row of a batch: `record`, a JSON object of the schema, with the fields that resuming and merging need
/// behind it: `index`, where it is known `bytes` and `modified` of the file, and `run`, the fingerprint of
/// model, label sets and options.
std::string batch_row(std::string record, const BatchInput& input, const std::string& run);

}  // namespace kiloword
