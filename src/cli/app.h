#pragma once

#include "cli/parser/engine_commands.h"
#include "kiloword/base/error.h"

namespace kiloword::cli {

/// Exit codes of the program; after an interrupt, 130 (see base/interrupt.h).
enum class ExitCode {
  kOk = 0,
  kSomeFailed = 1,
  kUsage = 2,
  kModelOrLabels = 3,
  kOutput = 4,
  kInternal = 70,
};

/// The exit code for an error of `kind`.
ExitCode exit_code(ErrorKind kind);

/// Parses the command line and runs the command. Exceptions become one line on stderr and an exit code.
int run_app(int argc, char** argv, const EngineCommands& engine);

}  // namespace kiloword::cli
