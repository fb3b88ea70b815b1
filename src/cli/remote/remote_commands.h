#pragma once

#include "cli/parser/engine_commands.h"

namespace kiloword::cli {

/// `local`, but commands that name a server ask it: same output, same exit codes, same records.
EngineCommands or_on_server(EngineCommands local);

}  // namespace kiloword::cli
