#pragma once

#include "cli/parser/parser_builder.h"

namespace kiloword::cli {

/// Adds the commands for an image index: index, search and duplicates.
void add_search_commands(ParserBuilder& builder);

}  // namespace kiloword::cli
