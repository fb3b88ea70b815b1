#include "cli/parser/self_commands.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/output/output.h"
#include "cli/parser/command_page.h"
#include "cli/parser/completion.h"
#include "cli/parser/help_text.h"
#include "cli/parser/man_page.h"
#include "cli/parser/option_groups.h"
#include "kiloword/base/atomic_file.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword::cli {
namespace {

namespace fs = std::filesystem;

/// A command whose arguments are `Arguments` and that prints what `text` makes of them and of all commands.
/// They are described before the command runs, when the parser is gone.
template <typename Arguments>
CLI::App* add_printing(ParserBuilder& builder, const std::string& name, const std::string& description,
                       const std::shared_ptr<Arguments>& arguments,
                       std::function<std::string(const CommandPage&, const Arguments&)> text) {
  CLI::App* command = builder.app().add_subcommand(name, description);
  command->callback([&builder, arguments, text = std::move(text)] {
    builder.chosen = [program = describe(builder.app()), arguments, text](Console&) {
      write_text(text(program, *arguments));
      return 0;
    };
  });
  return command;
}

struct ManArguments {
  std::vector<std::string> command;
  std::string folder;
};

/// One page for each command of the program, in the folder that was asked for.
void write_man_pages(const CommandPage& program, const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  std::vector<const CommandPage*> pages{&program};
  for (const CommandPage& command : program.commands) pages.push_back(&command);
  for (const CommandPage* page : pages) write_file_atomically(folder / man_page_name(*page), man_page(*page));
}

std::string man(const CommandPage& program, const ManArguments& arguments) {
  if (arguments.folder.empty()) return man_page(find_page(program, arguments.command));
  write_man_pages(program, arguments.folder);
  return "";
}

}  // namespace

void add_self_commands(ParserBuilder& builder) {
  using Words = std::vector<std::string>;
  const auto help_of = std::make_shared<Words>();
  CLI::App* help = add_printing<Words>(
      builder, "help", "Print the help of a command", help_of,
      [](const CommandPage& program, const Words& path) { return help_text(find_page(program, path)); });
  help->add_option("COMMAND", *help_of, "The command, with its own command where it has one")->type_name("");

  const auto shell = std::make_shared<std::string>();
  CLI::App* completion = add_printing<std::string>(builder, "completion",
                                                   "Print a script that completes command lines in a shell",
                                                   shell, completion_script);
  completion->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->type_name("")
      ->transform(one_of({"bash", "zsh", "fish"}));

  const auto pages = std::make_shared<ManArguments>();
  CLI::App* manual =
      add_printing<ManArguments>(builder, "man", "Print a command's man page, or write all", pages, man);
  CLI::Option* command =
      manual->add_option("COMMAND", pages->command, "The command; default: the program itself")
          ->type_name("");
  manual->add_option("-o,--output", pages->folder, "Write all pages into this folder")
      ->type_name("DIR")
      ->check(not_empty())
      ->excludes(command);
}

}  // namespace kiloword::cli
