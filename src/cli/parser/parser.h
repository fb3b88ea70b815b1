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
  Command command;  ///< empty when help or the version was asked for, and has been printed
};

/// Throws Error(kUsage) with the remedy for anything that does not parse.
ParsedCommandLine parse_command_line(int argc, char** argv, const EngineCommands& engine);

}  // namespace kiloword::cli
