#pragma once

#include "cli/parser/engine_commands.h"

namespace kiloword::cli {

/// Commands that turn this process into the engine, which gets the same arguments: process id, descriptors
/// and environment stay. They return only by throwing Error(kInternal), where there is no engine.
EngineCommands handed_over_commands(char** argv);

}  // namespace kiloword::cli
