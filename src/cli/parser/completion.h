#pragma once

#include <string>

#include "cli/parser/command_page.h"

namespace kiloword::cli {

/// A script that teaches `shell` ("bash", "zsh" or "fish") to complete the program's commands, options,
/// words, models and label sets.
std::string completion_script(const CommandPage& program, const std::string& shell);

}  // namespace kiloword::cli
