#include <gmock/gmock.h>

#include <cstdio>

#include "cli/cli_fixture.h"

namespace kiloword::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class HelpTest : public CliTest {
 protected:
  bool has_program(const std::string& name) const {
    return run_program({"sh", "-c", "command -v " + name}).exit_code == 0;
  }

  /// The names behind "Commands:" in `help`.
  static std::vector<std::string> commands_in(const std::string& help) {
    std::vector<std::string> names;
    bool inside = false;
    for (const std::string& line : lines_of(help)) {
      if (line.empty()) inside = false;
      if (inside && line.size() > 2 && line[2] != ' ') names.push_back(line.substr(2, line.find(' ', 2) - 2));
      if (line == "Commands:") inside = true;
    }
    return names;
  }

  std::vector<std::vector<std::string>> all_commands() const {
    std::vector<std::vector<std::string>> commands;
    for (const std::string& name : commands_in(run({"--help"}).out)) {
      commands.push_back({name});
      for (const std::string& below : commands_in(run({name, "--help"}).out))
        commands.push_back({name, below});
    }
    return commands;
  }

  /// What bash offers for the last of `words`, one a line.
  std::string completed(const std::string& words, size_t position) const {
    const std::string folder = std::filesystem::path(KILOWORD_PROGRAM).parent_path().string();
    const std::string script =
        "PATH='" + folder + "':$PATH; eval \"$(kiloword completion bash)\"; COMP_WORDS=(" + words +
        "); COMP_CWORD=" + std::to_string(position) + "; _kiloword; printf '%s\\n' \"${COMPREPLY[@]}\"";
    return run_program({"bash", "-c", script}).out;
  }
};

TEST_F(HelpTest, EveryCommandHasNarrowHelpWithTwoExamples) {
  const auto commands = all_commands();
  EXPECT_GT(commands.size(), 20U);
  for (std::vector<std::string> command : commands) {
    command.insert(command.begin(), "help");
    const ProgramResult help = run(command);
    EXPECT_EQ(help.exit_code, 0) << help.err;
    for (const std::string& line : lines_of(help.out)) EXPECT_LE(line.size(), 80U) << line;
    for (const char* noise : {"Excludes", " in [", "INT", "FLOAT", "}="}) {
      EXPECT_THAT(help.out, Not(HasSubstr(noise))) << command.back();
    }
    const size_t examples = help.out.find("\nExamples:\n");
    ASSERT_NE(examples, std::string::npos) << command.back();
    EXPECT_GE(lines_of(help.out.substr(examples)).size(), 4U) << command.back();
    command.erase(command.begin());
    command.emplace_back("--help");
    EXPECT_EQ(run(command).out, help.out);
  }
}

TEST_F(HelpTest, DefaultsAndGroupsAreShown) {
  const std::string help = run({"help", "caption"}).out;
  for (const char* part : {"\nInput:\n", "\nStatements:\n", "(default: 3)", "(default: lite)"}) {
    EXPECT_THAT(help, HasSubstr(part));
  }
  EXPECT_EQ(run({"help"}).out, run({"--help"}).out);
  EXPECT_EQ(run({"-V"}).out, run({"--version"}).out);
  const ProgramResult unknown = run({"help", "labels", "lst"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_EQ(unknown.err,
            "kiloword: error: unknown command 'lst'; did you mean 'list'? see 'kiloword labels --help'\n");
}

TEST_F(HelpTest, BashCompletes) {
  EXPECT_EQ(completed("kiloword capt", 1), "caption\n");
  EXPECT_EQ(completed("kiloword labels sh", 2), "show\n");
  EXPECT_EQ(completed("kiloword caption --top", 2), "--top-k\n");
  EXPECT_EQ(completed("kiloword -q caption --rank c", 4), "calibrated\ncosine\n");
  EXPECT_EQ(completed("kiloword caption --rank = p", 4), "probability\n");
  EXPECT_EQ(completed("kiloword caption --model nan", 3), "nano\nnano-lm\n");
  EXPECT_EQ(completed("kiloword labels show lite/p", 3), "lite/places\n");
  EXPECT_EQ(completed("kiloword caption photo", 2), "\n") << "files are left to the shell";
}

TEST_F(HelpTest, FishCompletes) {
  if (!has_program("fish")) GTEST_SKIP() << "no fish";
  const std::string folder = std::filesystem::path(KILOWORD_PROGRAM).parent_path().string();
  const ProgramResult result =
      run_program({"fish", "-c",
                   "set -x HOME " + path("home") + "; set -x PATH " + folder +
                       " $PATH; kiloword completion fish | source; complete -C 'kiloword caption --rank c'"});
  EXPECT_THAT(result.out, ::testing::MatchesRegex("calibrated\t.*\ncosine\t.*\n")) << result.err;
}

TEST_F(HelpTest, ZshTakesTheScript) {
  if (!has_program("zsh")) GTEST_SKIP() << "no zsh";
  const ProgramResult result =
      run_program({"zsh", "-fc",
                   "autoload -U compinit && compinit -D -u && eval \"$(" KILOWORD_PROGRAM
                   " completion zsh)\" && print $_comps[kiloword]"});
  EXPECT_EQ(result.out, "_kiloword\n") << result.err;
}

TEST_F(HelpTest, ZshCompletesNamesOfModelsAndLabels) {
  if (!has_program("zsh")) GTEST_SKIP() << "no zsh";
  const std::string folder = std::filesystem::path(KILOWORD_PROGRAM).parent_path().string();
  const ProgramResult result = run_program(
      {"zsh", "-fc",
       "path=(" + folder +
           " $path); compdef() { }; compadd() { shift; print -l -- $@; }; _files() { }; eval \"$(" +
           KILOWORD_PROGRAM + " completion zsh)\"; _kiloword_models; _kiloword_labels"});
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, HasSubstr("nano\nnano-lm\n"));
  EXPECT_THAT(result.out, HasSubstr("\nlite/places\n"));
}

TEST_F(HelpTest, ManPagesAreWellFormed) {
  ASSERT_EQ(run({"man", "--output", path("man1")}).exit_code, 0);
  EXPECT_EQ(run({"man", "caption"}).out, run_program({"cat", path("man1/kiloword-caption.1")}).out);
  if (!has_program("mandoc")) GTEST_SKIP() << "no mandoc";
  const ProgramResult lint =
      run_program({"sh", "-c",
                   "mandoc -T lint -W error '" + path("man1") + "'/*.1 && mandoc -T utf8 '" +
                       path("man1/kiloword-labels.1") + "' | col -b"});
  EXPECT_EQ(lint.exit_code, 0) << lint.out;
  EXPECT_THAT(lint.out, HasSubstr("kiloword labels add-example objects 'our mascot' a.jpg b.jpg"));
}

}  // namespace
}  // namespace kiloword::testing
