#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// Limits for a program that reads untrusted bytes.
struct ChildLimits {
  std::chrono::milliseconds time{20000};           ///< wall-clock; then it is killed
  int cpu_seconds = 20;                            ///< CPU time of all its threads
  uint64_t memory_bytes = uint64_t{1} << 30;       ///< of address space
  uint64_t max_output_bytes = uint64_t{64} << 20;  ///< it is killed if it writes more
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

/// Whether the program `name` is in PATH.
bool has_program(const std::string& name);

/// Runs the program `words[0]`, looked up in PATH, with the remaining words as arguments, and waits for it to
/// end. Its standard input is an in-memory file that holds `input` (a program can seek in it, or reopen it as
/// /dev/stdin), its working directory is `/`, and its environment is PATH, HOME and the locale C.UTF-8; it
/// cannot write files. Its children are killed when it ends. Throws Error(kInternal) if no process can be
/// started.
ChildResult run_bounded(const std::vector<std::string>& words, std::string_view input,
                        const ChildLimits& limits);

/// The same with the open file `input`, for which the child gets its own descriptor.
ChildResult run_bounded(const std::vector<std::string>& words, int input, const ChildLimits& limits);

}  // namespace kiloword
