#pragma once

#include "cli/parser/options.h"
#include "kiloword/engine/engine.h"

namespace kiloword::cli {

/// How `choices` ask for descriptions. Reads the lists of what to avoid; throws Error(kUsage) where that
/// fails, or the rules contradict each other.
DescribeOptions describe_options(const DescribeChoices& choices);

}  // namespace kiloword::cli
