#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// What a program that is given foreign bytes may take.
struct ChildLimits {
  std::chrono::milliseconds time{20000};           ///< by the clock; then it is ended
  int cpu_seconds = 20;                            ///< of all its threads
  uint64_t memory_bytes = uint64_t{1} << 30;       ///< of address space
  uint64_t max_output_bytes = uint64_t{64} << 20;  ///< more ends it
};

/// How a program ended.
struct ChildResult {
  enum class End { kExited, kSignalled, kTimeout, kTooMuchOutput };
  End end = End::kExited;
  int status = 0;      ///< exit status, or the signal
  std::string output;  ///< its standard output
  std::string errors;  ///< the first few kilobytes that it wrote to standard error

  bool succeeded() const { return end == End::kExited && status == 0; }
};

/// Whether PATH has the program `name`.
bool has_program(const std::string& name);

/// Runs the program `words[0]`, looked up in PATH, with the arguments that follow, and waits for its end. Its
/// standard input is a file in memory that holds `input` (a program can seek in it, and open it again as
/// /dev/stdin), its folder is `/`, its environment is PATH, HOME and the locale C.UTF-8; it may write no
/// files. No child of it is left. Throws Error(kInternal) where no process can be started.
ChildResult run_bounded(const std::vector<std::string>& words, std::string_view input,
                        const ChildLimits& limits);

/// The same with the open file `input`, of which the child gets a descriptor of its own.
ChildResult run_bounded(const std::vector<std::string>& words, int input, const ChildLimits& limits);

}  // namespace kiloword
