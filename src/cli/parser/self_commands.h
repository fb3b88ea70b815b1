#pragma once

#include "cli/parser/parser_builder.h"

namespace kiloword::cli {

/// Adds the commands about the program itself: help, completion and man.
void add_self_commands(ParserBuilder& builder);

}  // namespace kiloword::cli
