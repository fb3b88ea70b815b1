#pragma once

#include <string>

namespace CLI {
class App;
}

namespace kiloword::cli {

/// Throws Error(kUsage) when an output that was given to the parsed command is one of the files that any of
/// its arguments or options reads, or the configuration file `configuration`, by whatever name. What lists
/// and folders hold shows later.
void refuse_given_inputs_as_outputs(const CLI::App& program, const std::string& configuration);

}  // namespace kiloword::cli
