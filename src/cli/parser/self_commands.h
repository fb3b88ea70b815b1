#pragma once

#include "cli/parser/parser_builder.h"

namespace kiloword::cli {

/// help, completion and man: what the program tells of itself.
void add_self_commands(ParserBuilder& builder);

}  // namespace kiloword::cli
