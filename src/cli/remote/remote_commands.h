#pragma once

#include "cli/parser/engine_commands.h"

namespace kiloword::cli {

/// Wraps `local`: commands with --server run on that server, with the same output, exit codes and records.
EngineCommands or_on_server(EngineCommands local);

}  // namespace kiloword::cli
