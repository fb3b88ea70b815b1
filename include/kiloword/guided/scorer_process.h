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
  std::string command;                        ///< for `/bin/sh -c`
  std::chrono::milliseconds timeout{30'000};  ///< of each request, the first of which waits for the start too
  size_t max_answer_bytes = size_t{4} << 20U;  ///< of one line
};

/// A program of the user's that scores texts, started once for all requests.
///
/// Protocol: for each request the program reads one line of JSON (UTF-8) on its standard input,
/// `{"path":"photos/a.jpg","texts":["a cat","a dog"]}`, and answers with one line on its standard output,
/// `{"scores":[0.31,0.12]}`: one finite number per text, higher is better; further keys are ignored. It
/// flushes each answer, writes nothing else there, and ends when its standard input does. Its standard error
/// is ours. In path and texts whatever is not UTF-8 is U+FFFD.
///
/// The program has our environment and working directory, a process group of its own (so an interrupt from
/// the terminal does not reach it: it sees its input end), and default handling of SIGPIPE, SIGINT and
/// SIGTERM. Our process must ignore SIGPIPE. One request at a time: not to be shared between threads.
class ScorerProcess {
 public:
  /// Starts the program. Throws Error(kModel) when no process can be made; a command that cannot be found
  /// shows at the first request.
  explicit ScorerProcess(ScorerOptions options);
  ScorerProcess(const ScorerProcess&) = delete;
  ScorerProcess& operator=(const ScorerProcess&) = delete;
  /// Ends the program: closes its input, and sends its process group SIGTERM after a second and SIGKILL after
  /// another.
  ~ScorerProcess();

  /// Scores `texts` for the image `path`; without texts the program gets no request.
  ///
  /// Throws Error(kModel) at the command when the program ends, closes its input, gives no answer in time,
  /// writes without a request or more than one line, or when the answer is too long, not JSON, has no list
  /// `scores`, or not one finite number per text. It is ended then, and every further call throws the same.
  std::vector<double> score(const std::string& path, const std::vector<std::string>& texts);

  /// A scorer of the image `path`, which must not outlive this process.
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
