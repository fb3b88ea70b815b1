#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/guided/text_scorer.h"

namespace kiloword {

class ChildProcess;

struct ScorerOptions {
  std::string command;                         ///< for `/bin/sh -c`
  std::chrono::milliseconds timeout{30'000};   ///< per request; the first includes the start
  size_t max_answer_bytes = size_t{4} << 20U;  ///< per line
};

/// A user's program that scores texts, started once for all requests.
///
/// Protocol: for each request the program reads one line of JSON (UTF-8) on its standard input,
/// `{"path":"photos/a.jpg","texts":["a cat","a dog"]}`, and answers with one line on its standard output,
/// `{"scores":[0.31,0.12]}`: one finite number per text, higher is better; other keys are ignored. It must
/// flush each answer, write nothing else to standard output, and exit at the end of its input. Its standard
/// error is inherited. Invalid UTF-8 in path and texts is replaced by U+FFFD.
///
/// The program inherits the environment and working directory. It runs in its own process group, so a
/// terminal interrupt does not reach it (it sees the end of its input instead), with default handling of
/// SIGPIPE, SIGINT and SIGTERM. The calling process must ignore SIGPIPE. Not thread-safe: one request at a
/// time.
class ScorerProcess {
 public:
  /// Starts the program. Throws Error(kModel) if no process can be created; a command that does not exist is
  /// reported by the first request.
  explicit ScorerProcess(ScorerOptions options);
  ScorerProcess(const ScorerProcess&) = delete;
  ScorerProcess& operator=(const ScorerProcess&) = delete;
  /// Ends the program: closes its input, then sends SIGTERM to its process group after one second and SIGKILL
  /// after another.
  ~ScorerProcess();

  /// Scores `texts` for the image `path`; without texts, sends no request.
  ///
  /// Throws Error(kModel), with the command as its place, if the program exits, closes its input, times out,
  /// writes without a request or more than one line, or if its answer is too long, is not JSON, or has no
  /// list `scores` with one finite number per text. The program is then ended, and every later call throws
  /// the same error.
  std::vector<double> score(const std::string& path, const std::vector<std::string>& texts);

  /// A scorer for the image `path`; it must not outlive this object.
  std::unique_ptr<TextScorer> for_image(std::string path);

 private:
  std::string exchange(std::string_view request);
  bool read_answer(std::string& answer) const;
  void check_silence() const;
  [[noreturn]] void throw_ended(const std::string& otherwise) const;

  ScorerOptions options_;
  std::unique_ptr<ChildProcess> process_;
  std::optional<Error> failure_;
};

}  // namespace kiloword
