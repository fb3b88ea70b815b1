#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace kiloword::testing {

/// What a program left behind.
struct ProgramResult {
  int exit_code = -1;  ///< 128 + signal when a signal ended it
  std::string out;
  std::string err;
};

struct ProgramSetup {
  std::string input;  ///< on its standard input
  std::vector<std::pair<std::string, std::string>>
      environment;  ///< added to the test's own; empty value: removed
  std::filesystem::path working_directory;
  std::string stdout_file;  ///< a file or device for its standard output instead of `out`
  /// What to do, on another thread, while the program runs.
  std::function<void(pid_t program)> meanwhile;
};

/// Runs `arguments` (the program first) to its end.
ProgramResult run_program(const std::vector<std::string>& arguments, const ProgramSetup& setup = {});

}  // namespace kiloword::testing
