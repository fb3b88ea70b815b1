#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace kiloword::cli {

/// A value of an option that no argument gave.
struct Setting {
  std::string option;  ///< "--top-k"
  std::string value;
  std::string origin;  ///< "KILOWORD_TOP_K", or "/home/ada/.config/kiloword/config.toml:3"
};

/// What the environment and the configuration file choose. Arguments count before the environment, the
/// environment before the file, and in the file a command's own table before what stands above all tables.
class Settings {
 public:
  /// Reads `file`. Throws Error(kUsage), with the line, for what is not TOML of this kind and for options
  /// that no command of `program` has. A file that is missing is empty unless it is `required`.
  Settings(const CLI::App& program, const std::string& file, bool required);

  /// For the command that `program` has just parsed: settings of options that no argument gave, less those
  /// that go with no argument, or no stronger setting, that is there.
  std::vector<Setting> for_given_command(const CLI::App& program) const;

  /// All that the environment and the file hold, for any command.
  std::vector<Setting> all(const CLI::App& program) const;

 private:
  struct Entry {
    std::string command;  ///< "labels build"; empty: for each that has the option
    std::string name;     ///< "top-k"
    std::vector<std::string> values;
    std::string origin;
  };

  std::vector<Entry> entries_;
};

/// `$XDG_CONFIG_HOME/kiloword/config.toml`, else below `~/.config`; empty where there is neither.
std::string default_configuration_file();

/// "KILOWORD_TOP_K" for "top-k".
std::string environment_name(const std::string& option);

}  // namespace kiloword::cli
