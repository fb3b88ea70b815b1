#pragma once

#include "cli/parser/parser_builder.h"

namespace kiloword::cli {

/// Adds the commands that measure label sets on images of known classes: eval and calibrate.
void add_measure_commands(ParserBuilder& builder);

}  // namespace kiloword::cli
