#include "cli/parser/command_page.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "cli/parser/examples.h"
#include "cli/parser/table_options.h"
#include "kiloword/base/error.h"
#include "kiloword/base/suggestion.h"

namespace kiloword::cli {
namespace {

/// What its value is called, without what CLI11 puts behind it for each check (":INT in [1 - 4096]").
std::string value_name(const CLI::Option& option) {
  const std::string name = option.get_type_name();
  return name.substr(0, name.find(':'));
}

OptionLine describe(const CLI::Option& option) {
  OptionLine line;
  line.help = option.get_description();
  if (option.get_positional()) {
    const bool is_list = option.get_expected_max() > 1;
    line.value = option.get_name(/*positional=*/true) + (is_list ? "..." : "");
    if (!option.get_required()) line.value = "[" + line.value + "]";
    return line;
  }
  if (!option.get_snames().empty()) line.short_name = option.get_snames().front();
  if (!option.get_lnames().empty()) line.long_name = option.get_lnames().front();
  if (option.get_items_expected_max() > 0) line.value = value_name(option);
  // Words to type are in lower case, placeholders ("NAME|FILE") in upper case.
  const bool has_words = line.value.find('|') != std::string::npos;
  if (has_words && line.value == CLI::detail::to_lower(line.value)) line.words = split_words(line.value);
  const bool has_default = !option.get_default_str().empty() && !line.value.empty();
  const bool tells_it = line.help.find("default:") != std::string::npos;
  if (option.get_required()) {
    line.help += " (required)";
  } else if (has_default && !tells_it) {
    line.help += " (default: " + option.get_default_str() + ")";
  }
  return line;
}

void add_to_group(OptionGroups& groups, const std::string& name, OptionLine line) {
  const auto group =
      std::find_if(groups.begin(), groups.end(), [&](const auto& known) { return known.first == name; });
  if (group != groups.end()) {
    group->second.push_back(std::move(line));
  } else {
    groups.emplace_back(name, std::vector<OptionLine>{std::move(line)});
  }
}

CommandPage describe(const CLI::App& app, const std::string& path, const std::vector<OptionLine>& general) {
  CommandPage page;
  page.path = path.empty() ? app.get_name() : path + " " + app.get_name();
  page.description = app.get_description();
  page.general = general;
  page.examples = examples_of(page.path);
  for (const CLI::Option* option : app.get_options()) {
    const bool is_help = option->check_lname("help");
    if (option->get_positional()) {
      page.arguments.push_back(describe(*option));
    } else if (path.empty()) {
      page.general.push_back(describe(*option));
    } else if (!is_help && !option->get_group().empty()) {
      add_to_group(page.groups, option->get_group(), describe(*option));
    }
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    page.commands.push_back(describe(*command, page.path, page.general));
  }
  return page;
}

}  // namespace

std::string OptionLine::spelled() const {
  std::string text;
  if (!short_name.empty()) text += "-" + short_name;
  if (!long_name.empty()) text += (text.empty() ? "--" : ", --") + long_name;
  if (!value.empty()) text += (text.empty() ? "" : " ") + value;
  return text;
}

std::string CommandPage::usage() const {
  std::string text = path + " [OPTIONS]";
  if (!commands.empty()) text += " COMMAND";
  for (const OptionLine& argument : arguments) text += " " + argument.value;
  return text;
}

CommandPage describe(const CLI::App& app) {
  return describe(app, "", {});
}

const CommandPage& find_page(const CommandPage& page, const std::vector<std::string>& path) {
  const CommandPage* found = &page;
  for (const std::string& name : path) {
    const auto& commands = found->commands;
    const auto next = std::find_if(commands.begin(), commands.end(), [&](const CommandPage& command) {
      return command.path == found->path + " " + name;
    });
    if (next == commands.end()) {
      std::vector<std::string> names;
      for (const CommandPage& command : commands)
        names.push_back(command.path.substr(found->path.size() + 1));
      const std::vector<std::string> close = close_names(name, names);
      throw Error(ErrorKind::kUsage, "unknown command " + quote(name), "",
                  (close.empty() ? "" : did_you_mean(close) + " ") + "see '" + found->path + " --help'");
    }
    found = &*next;
  }
  return *found;
}

std::vector<std::string> wrapped(const std::string& text, size_t columns) {
  std::vector<std::string> lines{""};
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > columns) lines.emplace_back();
    lines.back() += (lines.back().empty() ? "" : " ") + word;
  }
  return lines;
}

}  // namespace kiloword::cli
