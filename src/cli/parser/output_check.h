#pragma once

#include <string>

namespace CLI {
class App;
}

namespace kiloword::cli {

/// Throws Error(kUsage) if an output of the parsed command is a file that one of its arguments or options
/// reads, or the configuration file `configuration`, under any name. Files in lists and folders are checked
/// later.
void refuse_given_inputs_as_outputs(const CLI::App& program, const std::string& configuration);

}  // namespace kiloword::cli
