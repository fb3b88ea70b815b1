#pragma once

#include "cli/parser/options.h"

namespace kiloword::cli {

// Checks that the parser cannot make: contradictory options, or nothing to do. Each throws Error(kUsage).
// They run before a command does, and before the libraries that it needs are loaded.
void require_sensible(const CaptionArguments& arguments);
void require_sensible(const BatchArguments& arguments);
void require_sensible(const DescribeArguments& arguments);
void require_sensible(const ScoreArguments& arguments);
void require_sensible(const EmbedArguments& arguments);
void require_sensible(const EvalArguments& arguments);
void require_sensible(const CalibrateArguments& arguments);
template <typename Arguments>
void require_sensible(const Arguments& /*arguments*/) {}

}  // namespace kiloword::cli
