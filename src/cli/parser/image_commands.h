#pragma once

#include "cli/parser/parser_builder.h"

namespace kiloword::cli {

/// Adds the commands for images, and merge, which belongs to batch.
void add_image_commands(ParserBuilder& builder);

}  // namespace kiloword::cli
