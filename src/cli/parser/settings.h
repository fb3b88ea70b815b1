#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace kiloword::cli {

/// An option value that does not come from the command line.
struct Setting {
  std::string option;  ///< "--top-k"
  std::string value;
  std::string origin;  ///< "KILOWORD_TOP_K", or "/home/ada/.config/kiloword/config.toml:3"
};

/// Settings from the environment and the configuration file. Precedence, highest first: arguments,
/// environment, the command's table in the file, settings above all tables in the file.
class Settings {
 public:
  /// Reads `file`. Throws Error(kUsage) with the line for unsupported TOML and for options that no command of
  /// `program` has. A missing file counts as empty unless it is `required`.
  Settings(const CLI::App& program, const std::string& file, bool required);

  /// Settings for the command that `program` has just parsed: options not given as arguments, except those
  /// that conflict with an argument or a setting of higher precedence.
  std::vector<Setting> for_given_command(const CLI::App& program) const;

  /// All settings in the environment and the file, for any command.
  std::vector<Setting> all(const CLI::App& program) const;

 private:
  struct Entry {
    std::string command;  ///< "labels build"; empty: all that have the option
    std::string name;     ///< "top-k"
    std::vector<std::string> values;
    std::string origin;
  };

  std::vector<Entry> entries_;
};

/// `$XDG_CONFIG_HOME/kiloword/config.toml`, else `~/.config/kiloword/config.toml`; empty without a home
/// folder.
std::string default_configuration_file();

/// "KILOWORD_TOP_K" for "top-k".
std::string environment_name(const std::string& option);

}  // namespace kiloword::cli
