#include "cli/parser/settings.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/paths.h"
#include "kiloword/base/suggestion.h"
#include "kiloword/base/text.h"

namespace kiloword::cli {
namespace {

using Commands = std::vector<const CLI::App*>;

/// Not to be set but by an argument.
bool is_settable(const CLI::Option& option) {
  static const std::set<std::string> kArgumentsOnly{"help", "version", "config"};
  return !option.get_positional() && !option.get_lnames().empty() &&
         kArgumentsOnly.count(option.get_lnames().front()) == 0;
}

Commands all_commands(const CLI::App& app) {
  Commands commands{&app};
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    for (const CLI::App* below : all_commands(*command)) commands.push_back(below);
  }
  return commands;
}

/// The program and the commands that were given, outermost first.
Commands given_commands(const CLI::App& app) {
  Commands commands{&app};
  while (!commands.back()->get_subcommands().empty()) {
    commands.push_back(commands.back()->get_subcommands().front());
  }
  return commands;
}

/// "labels build"; empty for the program itself.
std::string name_of(const CLI::App& command) {
  if (command.get_parent() == nullptr) return "";
  const std::string parent = name_of(*command.get_parent());
  return parent.empty() ? command.get_name() : parent + " " + command.get_name();
}

std::string dashed(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

std::string trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t\r");
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// The number of the line of `text` on which `name` is set in the table `table` ("labels.build"); CLI11 does
/// not keep it.
size_t line_of(const std::string& text, const std::string& table, const std::string& name) {
  std::istringstream lines(text);
  std::string current;
  size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    line = trimmed(line);
    if (!line.empty() && line.front() == '[') current = line.substr(1, line.find(']') - 1);
    if (current == table && trimmed(line.substr(0, line.find('='))) == name) return number;
  }
  return number;
}

/// CLI11 reads what it takes for TOML; a line that sets nothing would be a flag to it.
void require_settings_only(const std::string& text, const std::string& file) {
  std::istringstream lines(text);
  size_t number = 0;
  bool in_list = false;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    line = trimmed(line.substr(0, line.find('#')));
    const bool is_table = !line.empty() && line.front() == '[' && line.back() == ']';
    const bool sets = line.find('=') != std::string::npos && line.front() != '=';
    if (!line.empty() && !in_list && !is_table && !sets) {
      throw Error(ErrorKind::kUsage, "neither a table nor a setting", file + ":" + std::to_string(number),
                  "write OPTION = VALUE, e.g. top-k = 2");
    }
    if (sets && line.find('[') != std::string::npos) in_list = true;
    if (line.find(']') != std::string::npos) in_list = false;
  }
}

/// Far more than all options take; a device or a mistaken name must not be read for ever.
std::string bounded_text(std::istream& stream, const std::string& file) {
  constexpr size_t kMostBytes = 65536;
  std::string text(kMostBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(stream.gcount()));
  if (text.size() > kMostBytes) {
    throw Error(ErrorKind::kUsage, "configuration file of more than " + std::to_string(kMostBytes) + " bytes",
                file, "give a TOML file of settings");
  }
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// The names that may stand in the table of `command`; "" for above all tables.
std::vector<std::string> settable_names(const CLI::App& program, const std::string& of_command) {
  std::set<std::string> names;
  for (const CLI::App* command : all_commands(program)) {
    const bool is_meant = of_command.empty() || command == &program || name_of(*command) == of_command;
    for (const CLI::Option* option : command->get_options()) {
      if (is_meant && is_settable(*option)) names.insert(option->get_lnames().front());
    }
  }
  return {names.begin(), names.end()};
}

const CLI::Option* settable_option(const CLI::App& command, const std::string& name) {
  const CLI::Option* option = command.get_option_no_throw("--" + name);
  return option != nullptr && is_settable(*option) ? option : nullptr;
}

}  // namespace

std::string default_configuration_file() {
  const std::filesystem::path folder = user_configuration_directory();
  return folder.empty() ? "" : (folder / "config.toml").string();
}

std::string environment_name(const std::string& option) {
  std::string name = "KILOWORD_" + option;
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    if (c == '-') return '_';
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return name;
}

Settings::Settings(const CLI::App& program, const std::string& file, bool required) {
  std::error_code failed;
  if (file.empty() || (!required && !std::filesystem::exists(file, failed))) return;
  std::ifstream stream(file);
  if (!stream || std::filesystem::is_directory(file, failed)) {
    throw Error(ErrorKind::kUsage, "no configuration file", file, "give a TOML file, or none");
  }
  const std::string text = bounded_text(stream, file);
  require_settings_only(text, file);
  std::istringstream input(text);
  std::vector<CLI::ConfigItem> items;
  try {
    items = CLI::ConfigTOML().from_config(input);
  } catch (const CLI::Error& error) {
    throw Error(ErrorKind::kUsage, error.what(), file, "write it as TOML");
  }
  for (const CLI::ConfigItem& item : items) {
    if (item.name == "++" || item.name == "--") continue;  // where tables begin and end
    const std::string place =
        file + ":" + std::to_string(line_of(text, joined(item.parents, "."), item.name));
    const std::string name = dashed(item.name);
    const std::string of_command = joined(item.parents, " ");
    bool known = false;
    bool is_command = of_command.empty();
    for (const CLI::App* command : all_commands(program)) {
      const bool is_meant = of_command.empty() || name_of(*command) == of_command;
      is_command = is_command || is_meant;
      known = known || (is_meant && (settable_option(*command, name) != nullptr ||
                                     settable_option(program, name) != nullptr));
    }
    if (!is_command) {
      throw Error(ErrorKind::kUsage, "no command " + quote(of_command), place, "see 'kiloword --help'");
    }
    if (!known) {
      const std::string advice = did_you_mean(close_names(name, settable_names(program, of_command)));
      throw Error(ErrorKind::kUsage,
                  "no option " + quote(name) + (of_command.empty() ? "" : " of " + of_command), place,
                  advice.empty() ? "see 'kiloword help " + (of_command.empty() ? "COMMAND" : of_command) + "'"
                                 : advice);
    }
    entries_.push_back({of_command, name, item.inputs, place});
  }
}

std::vector<Setting> Settings::for_given_command(const CLI::App& program) const {
  std::vector<Setting> settings;
  std::set<const CLI::Option*> there;
  const Commands commands = given_commands(program);
  const std::string name = name_of(*commands.back());
  for (const CLI::App* command : commands) {
    for (const CLI::Option* option : command->get_options()) {
      if (option->count() > 0) there.insert(option);
    }
  }
  const auto add = [&](const CLI::Option& option, const std::vector<std::string>& values,
                       const std::string& origin) {
    if (there.count(&option) > 0) return;
    const auto excluded = option.get_excludes();
    if (std::any_of(excluded.begin(), excluded.end(),
                    [&](const CLI::Option* other) { return there.count(other) > 0; }))
      return;
    there.insert(&option);
    for (const std::string& value : values)
      settings.push_back({"--" + option.get_lnames().front(), value, origin});
  };
  for (auto command = commands.rbegin(); command != commands.rend(); ++command) {
    std::vector<const CLI::Option*> options = (*command)->get_options();
    // A server of the environment goes before a model of the environment, which names a default only.
    std::stable_sort(options.begin(), options.end(), [](const CLI::Option* a, const CLI::Option* b) {
      return a->check_lname("server") && !b->check_lname("server");
    });
    for (const CLI::Option* option : options) {
      if (!is_settable(*option)) continue;
      const std::string variable = environment_name(option->get_lnames().front());
      const char* value = std::getenv(variable.c_str());
      if (value == nullptr || *value == '\0') continue;
      const bool is_list = option->get_expected_max() > 1;
      add(*option, is_list ? lines_of(value) : std::vector<std::string>{value}, variable);
    }
  }
  for (const bool of_command : {true, false}) {
    for (const Entry& entry : entries_) {
      if (of_command ? entry.command != name || name.empty() : !entry.command.empty()) continue;
      for (const CLI::App* command : commands) {
        const CLI::Option* option = settable_option(*command, entry.name);
        if (option != nullptr) add(*option, entry.values, entry.origin);
      }
    }
  }
  return settings;
}

std::vector<Setting> Settings::all(const CLI::App& program) const {
  std::vector<Setting> settings;
  std::set<std::string> seen;
  for (const CLI::App* command : all_commands(program)) {
    for (const CLI::Option* option : command->get_options()) {
      if (!is_settable(*option)) continue;
      const std::string& name = option->get_lnames().front();
      const char* value = std::getenv(environment_name(name).c_str());
      if (value != nullptr && *value != '\0' && seen.insert(name).second) {
        settings.push_back({name, value, environment_name(name)});
      }
    }
  }
  for (const Entry& entry : entries_) {
    const std::string command = entry.command.empty() ? "" : " (" + entry.command + ")";
    settings.push_back({entry.name + command, joined(entry.values, ", "), entry.origin});
  }
  return settings;
}

}  // namespace kiloword::cli
