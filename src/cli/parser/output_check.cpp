#include "cli/parser/output_check.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "kiloword/base/output_target.h"

namespace kiloword::cli {
namespace {

bool is_output(const CLI::App& command, const CLI::Option& option) {
  if (option.check_name("--index")) return command.get_name() == "index";
  const std::vector<std::string> outputs{"--output", "--npy", "--details", "--plot", "--html"};
  return std::any_of(outputs.begin(), outputs.end(),
                     [&option](const std::string& name) { return option.check_name(name); });
}

/// Whether the values are names of files, or may be: arguments, and options of such a type.
bool names_files(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return false;
  const std::string type = option.get_type_name();
  return option.get_positional() || type == "M" || type == "CMD" || type == "IMAGE" || type == "DIR" ||
         type.find("FILE") != std::string::npos;
}

}  // namespace

void refuse_given_inputs_as_outputs(const CLI::App& program, const std::string& configuration) {
  std::vector<std::string> inputs{configuration};
  std::vector<std::string> outputs;
  for (const CLI::App* command = &program; command != nullptr;) {
    for (const CLI::Option* option : command->get_options()) {
      if (!names_files(*option)) continue;
      std::vector<std::string>& files = is_output(*command, *option) ? outputs : inputs;
      files.insert(files.end(), option->results().begin(), option->results().end());
    }
    const std::vector<CLI::App*> given = command->get_subcommands();
    command = given.empty() ? nullptr : given.front();
  }
  for (const std::string& output : outputs) refuse_input_as_output(output, inputs);
}

}  // namespace kiloword::cli
