// A configuration file: settings of known options, each with its place, or one clear error.

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cli/parser/settings.h"
#include "fuzz/memory_file.h"
#include "kiloword/base/error.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// A program with an option of its own and commands on two levels.
void add_commands(CLI::App& program, std::string& text, int& count, bool& flag) {
  program.add_option("--color", text);
  CLI::App* caption = program.add_subcommand("caption");
  caption->add_option("--top-k", count);
  caption->add_option("--labels", text)->expected(1, 9);
  program.add_subcommand("labels")->add_subcommand("build")->add_flag("--quiet", flag);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const kiloword::fuzz::MemoryFile file({reinterpret_cast<const char*>(data), size});
  CLI::App program;
  std::string text;
  int count = 0;
  bool flag = false;
  add_commands(program, text, count, flag);
  try {
    const kiloword::cli::Settings settings(program, file.path(), true);
    for (const kiloword::cli::Setting& setting : settings.all(program)) {
      const std::string name = setting.option.substr(0, setting.option.find(' '));
      require(name == "color" || name == "top-k" || name == "labels" || name == "quiet");
      require(setting.origin.rfind(file.path() + ":", 0) == 0);
    }
    program.parse(std::string("caption"));
    for (const kiloword::cli::Setting& setting : settings.for_given_command(program)) {
      require(setting.option == "--color" || setting.option == "--top-k" || setting.option == "--labels");
    }
  } catch (const kiloword::Error& error) {
    require(error.kind() == kiloword::ErrorKind::kUsage && error.where().rfind(file.path(), 0) == 0);
  }
  return 0;
}
