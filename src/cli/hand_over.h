#pragma once

#include "cli/parser/engine_commands.h"

namespace kiloword::cli {

/// Commands that exec the engine with the same arguments. Process id, descriptors and environment are kept;
/// on a busy machine, OMP_WAIT_POLICY is set to PASSIVE unless set. They return only by throwing
/// Error(kInternal), if the engine cannot be started.
EngineCommands handed_over_commands(char** argv);

}  // namespace kiloword::cli
