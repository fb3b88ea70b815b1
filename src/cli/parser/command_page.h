#pragma once

#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
}

namespace kiloword::cli {

/// An option or a positional argument, as help, man pages and completions show it.
struct OptionLine {
  std::string short_name;          ///< "o", or empty
  std::string long_name;           ///< "output"; empty for a positional argument
  std::string value;               ///< "FILE", "text|json", "INPUT..."; empty for a flag
  std::string help;                ///< a sentence, its default included
  std::vector<std::string> words;  ///< all values that it may have, where they are words

  /// "-o, --output FILE"
  std::string spelled() const;
};

using OptionGroups = std::vector<std::pair<std::string, std::vector<OptionLine>>>;

/// One command of the program, or the program itself.
struct CommandPage {
  std::string path;  ///< "kiloword labels show"
  std::string description;
  std::vector<OptionLine> arguments;
  OptionGroups groups;              ///< of its own options, in the order of their first one
  std::vector<OptionLine> general;  ///< options that every command has
  std::vector<CommandPage> commands;
  std::vector<std::string> examples;

  /// "kiloword labels show [OPTIONS] SET"
  std::string usage() const;
};

/// What CLI11 knows of `app`, which is the program, and of all its commands.
CommandPage describe(const CLI::App& app);

/// The page at `path` below `page`, {"labels", "show"}. Throws Error(kUsage) for an unknown one.
const CommandPage& find_page(const CommandPage& page, const std::vector<std::string>& path);

/// `text` in lines of at most `columns`, broken at spaces; words longer than that stay whole.
std::vector<std::string> wrapped(const std::string& text, size_t columns);

}  // namespace kiloword::cli
