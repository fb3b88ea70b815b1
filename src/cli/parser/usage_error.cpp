#include "cli/parser/usage_error.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/base/suggestion.h"
#include "kiloword/base/text.h"

namespace kiloword::cli {
namespace {

/// The commands that were given, outermost first; the first one is the program.
std::vector<const CLI::App*> given_commands(const CLI::App& app) {
  std::vector<const CLI::App*> commands{&app};
  while (!commands.back()->get_subcommands().empty()) {
    commands.push_back(commands.back()->get_subcommands().front());
  }
  return commands;
}

std::string spelled_out(const std::vector<const CLI::App*>& commands) {
  std::string name;
  for (const CLI::App* command : commands) name += (name.empty() ? "" : " ") + command->get_name();
  return name;
}

std::vector<std::string> names_of_subcommands(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* subcommand : command.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(subcommand->get_name());
  }
  return names;
}

std::vector<std::string> long_options(const std::vector<const CLI::App*>& commands) {
  std::vector<std::string> names;
  for (const CLI::App* command : commands) {
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

/// CLI11's sentence as a clause. What begins with the name of an argument, such as FOLDER, is none.
std::string clause(std::string sentence) {
  const auto is_capital = [&sentence](size_t i) { return sentence[i] >= 'A' && sentence[i] <= 'Z'; };
  if (sentence.size() > 1 && is_capital(0) && !is_capital(1)) {
    sentence[0] = static_cast<char>(sentence[0] - 'A' + 'a');
  }
  return sentence;
}

/// The first argument that no command took.
std::optional<std::string> first_left_over(const CLI::App& app) {
  for (const std::string& argument : app.remaining(/*recurse=*/true)) {
    if (argument != "--") return argument;
  }
  return std::nullopt;
}

Error unknown_option(const std::string& argument, const std::vector<const CLI::App*>& commands,
                     const std::string& see) {
  const std::string option = argument.substr(0, argument.find('='));
  if (commands.back()->get_option_no_throw(option) != nullptr) {
    return {ErrorKind::kUsage, "option " + quote(option) + " before its command", "",
            "put it after '" + spelled_out(commands) + "'"};
  }
  std::vector<std::string> close;
  if (option.rfind("--", 0) == 0) close = close_names(option, long_options(commands));
  return {ErrorKind::kUsage, "unknown option " + quote(option), "",
          (close.empty() ? "" : did_you_mean(close) + " ") + see};
}

Error unknown_command(const std::string& name, const CLI::App& parent, const std::string& see) {
  const std::vector<std::string> close = close_names(name, names_of_subcommands(parent));
  const std::string group = parent.get_parent() == nullptr ? "" : parent.get_name() + " ";
  return {ErrorKind::kUsage, "unknown command " + quote(group + name), "",
          (close.empty() ? "" : did_you_mean(close) + " ") + see};
}

}  // namespace

Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<const CLI::App*> commands = given_commands(app);
  const std::string see = "see '" + spelled_out(commands) + " --help'";
  const auto code = static_cast<CLI::ExitCodes>(error.get_exit_code());
  const bool takes_command = !names_of_subcommands(*commands.back()).empty();
  const bool is_required = code == CLI::ExitCodes::RequiredError;
  const std::optional<std::string> left_over = first_left_over(app);
  if (left_over && (is_required || code == CLI::ExitCodes::ExtrasError)) {
    if (left_over->size() > 1 && left_over->front() == '-') return unknown_option(*left_over, commands, see);
    if (takes_command) return unknown_command(*left_over, *commands.back(), see);
    return {ErrorKind::kUsage, "unexpected argument " + quote(*left_over), "", see};
  }
  const std::string what = error.what();
  if (is_required) return {ErrorKind::kUsage, takes_command ? "a command is required" : what, "", see};
  if (code == CLI::ExitCodes::ArgumentMismatch && ends_with(what, " missing")) {
    return {ErrorKind::kUsage, what.substr(0, what.find(':')) + " needs a value", "", see};
  }
  return {ErrorKind::kUsage, clause(what), "", see};
}

}  // namespace kiloword::cli
