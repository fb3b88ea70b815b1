#pragma once

#include <string>

#include "cli/parser/command_page.h"

namespace kiloword::cli {

/// A completion script for `shell` ("bash", "zsh" or "fish") that completes commands, options, option values,
/// models and label sets.
std::string completion_script(const CommandPage& program, const std::string& shell);

}  // namespace kiloword::cli
