#pragma once

#include "cli/parser/options.h"
#include "kiloword/client/server_client.h"

namespace kiloword::cli {

// Converts command-line options to fields of a request (docs/serve.md).
RequestFields request_fields(const StatementOptions& options);
/// Reads the avoid lists; throws Error(kUsage) if that fails.
RequestFields request_fields(const DescribeArguments& arguments);

}  // namespace kiloword::cli
