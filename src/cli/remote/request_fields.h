#pragma once

#include "cli/parser/options.h"
#include "kiloword/client/server_client.h"

namespace kiloword::cli {

// The command line's options as a request's fields (docs/serve.md).
RequestFields request_fields(const StatementOptions& options);
/// Reads the avoid lists; throws Error(kUsage) where that fails.
RequestFields request_fields(const DescribeArguments& arguments);

}  // namespace kiloword::cli
