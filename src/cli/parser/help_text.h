#pragma once

#include <string>

#include "cli/parser/command_page.h"

namespace kiloword::cli {

/// The `--help` text of a command: usage, arguments, options in groups, examples; at most 80 columns wide.
std::string help_text(const CommandPage& page);

}  // namespace kiloword::cli
