#pragma once

#include "cli/output/console.h"
#include "cli/parser/options.h"
#include "kiloword/engine/engine.h"

namespace kiloword::cli {

/// The language model that `choices` require; empty: none.
std::string language_model_of(const DescribeChoices& choices);

/// Converts `choices` to engine options. Reads the avoid lists. Throws Error(kUsage) if a list cannot be
/// read, rules contradict each other, or an option is invalid for the engine.
DescribeOptions describe_options(const DescribeChoices& choices);

/// A describer of `engine`. The sentences of the bank in `choices`, if any, are embedded first or taken from
/// the cache. Throws as SentenceBank and Engine::describer() do.
Describer open_describer(const Engine& engine, DescribeOptions options, const DescribeChoices& choices,
                         Console& console);

}  // namespace kiloword::cli
