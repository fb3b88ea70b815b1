#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/parser/argument_checks.h"
#include "cli/parser/parser.h"

namespace kiloword::cli {

/// Registers the commands; `chosen` becomes the one given on the command line.
class ParserBuilder {
 public:
  ParserBuilder(CLI::App& app, const EngineCommands& engine) : app_(app), engine_(engine) {}

  /// Adds a command to `parent`; returns its arguments, which live as long as the parser. `run` gets them
  /// after parsing.
  template <typename Arguments, typename Run>
  Arguments& add(CLI::App& parent, const std::string& name, const std::string& description,
                 CLI::App*& command, Run run) {
    auto arguments = std::make_shared<Arguments>();
    command = parent.add_subcommand(name, description);
    command->callback([this, arguments, run] {
      chosen = [arguments, run](Console& console) {
        require_sensible(*arguments);
        return run(*arguments, console);
      };
    });
    return *arguments;
  }

  CLI::App& app() { return app_; }
  const EngineCommands& engine() const { return engine_; }

  Command chosen;

 private:
  CLI::App& app_;
  const EngineCommands& engine_;
};

}  // namespace kiloword::cli
