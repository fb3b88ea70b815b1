#pragma once

#include "cli/output/console.h"
#include "cli/parser/options.h"
#include "kiloword/engine/engine.h"

namespace kiloword::cli {

/// The language model that `choices` need; empty: none.
std::string language_model_of(const DescribeChoices& choices);

/// How `choices` ask for descriptions. Reads the lists of what to avoid; throws Error(kUsage) where that
/// fails, the rules contradict each other, or an option is none of the engine's.
DescribeOptions describe_options(const DescribeChoices& choices);

/// A describer of `engine`, with the sentences of the bank that `choices` name: they are embedded first, or
/// taken from the cache. Throws as SentenceBank and Engine::describer() do.
Describer open_describer(const Engine& engine, DescribeOptions options, const DescribeChoices& choices,
                         Console& console);

}  // namespace kiloword::cli
