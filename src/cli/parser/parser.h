#pragma once

#include <functional>

#include "cli/output/console.h"
#include "cli/parser/engine_commands.h"
#include "cli/parser/options.h"

namespace kiloword::cli {

/// A command with its arguments bound; returns the exit code.
using Command = std::function<int(Console&)>;

struct ParsedCommandLine {
  DisplayOptions display;
  Command command;  ///< empty if help or the version was requested and has been printed
};

/// Parses the command line. Throws Error(kUsage) with a remedy for any error.
ParsedCommandLine parse_command_line(int argc, char** argv, const EngineCommands& engine);

}  // namespace kiloword::cli
