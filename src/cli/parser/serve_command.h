#pragma once

#include "cli/parser/parser_builder.h"

namespace kiloword::cli {

/// Adds `kiloword serve`.
void add_serve_command(ParserBuilder& builder);

}  // namespace kiloword::cli
