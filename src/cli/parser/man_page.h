#pragma once

#include <string>

#include "cli/parser/command_page.h"

namespace kiloword::cli {

/// The man page of a command, or of the program, in man(7) macros, including its subcommands.
std::string man_page(const CommandPage& page);

/// "kiloword-labels.1" for the command "kiloword labels".
std::string man_page_name(const CommandPage& page);

}  // namespace kiloword::cli
