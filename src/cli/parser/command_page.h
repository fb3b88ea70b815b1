#pragma once

#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
}

namespace kiloword::cli {

/// An option or positional argument, as shown in help, man pages and completions.
struct OptionLine {
  std::string short_name;          ///< "o", or empty
  std::string long_name;           ///< "output"; empty for a positional argument
  std::string value;               ///< "FILE", "text|json", "INPUT..."; empty for a flag
  std::string help;                ///< a sentence, including the default
  std::vector<std::string> words;  ///< all possible values, if they are words

  /// "-o, --output FILE"
  std::string spelled() const;
};

using OptionGroups = std::vector<std::pair<std::string, std::vector<OptionLine>>>;

/// A command of the program, or the program itself.
struct CommandPage {
  std::string path;  ///< "kiloword labels show"
  std::string description;
  std::vector<OptionLine> arguments;
  OptionGroups groups;              ///< of its own options, in order of their first option
  std::vector<OptionLine> general;  ///< options common to all commands
  std::vector<CommandPage> commands;
  std::vector<std::string> examples;

  /// "kiloword labels show [OPTIONS] SET"
  std::string usage() const;
};

/// Describes `app`, the program, and all its commands from CLI11's data.
CommandPage describe(const CLI::App& app);

/// The page at `path` below `page`, such as {"labels", "show"}. Throws Error(kUsage) for an unknown one.
const CommandPage& find_page(const CommandPage& page, const std::vector<std::string>& path);

/// Wraps `text` at spaces into lines of at most `columns`; longer words stay whole.
std::vector<std::string> wrapped(const std::string& text, size_t columns);

}  // namespace kiloword::cli
