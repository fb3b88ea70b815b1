#pragma once

#include <cstdint>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "cli/output/output.h"
#include "cli/output/task_report.h"
#include "cli/parser/options.h"
#include "kiloword/base/error.h"
#include "kiloword/base/observer.h"

namespace kiloword::cli {

/// Messages of a command to the user, on stderr; results are written by write_line. Thread-safe.
class Console : public Observer {
 public:
  explicit Console(const DisplayOptions& options)
      : options_(options), progress_line_(!options.no_progress && !options.quiet) {}

  /// `kiloword: <where>: <what>; <what to do>`, or `kiloword: error: <what>; <what to do>` without a
  /// location.
  void error(const Error& error);
  /// `kiloword: warning: ...`, unless -q.
  void warning(const std::string& text) override;
  /// `kiloword: ...`, unless -q.
  void note(const std::string& text) override;
  /// `kiloword: ...`, only with -v.
  void detail(const std::string& text) override;
  /// The same, with additional `fields` in JSON messages.
  void detail(const std::string& text, const nlohmann::ordered_json& fields);
  /// From now on each message is a line of JSON: `time` (UTC), `level` (error, warning, info or debug),
  /// `message`, and for errors `kind`, `where` and `remedy`.
  void write_json() { writes_json_ = true; }
  /// In place on a terminal, e.g. "12 images"; unless -q or --no-progress.
  void show_progress(const std::string& text);
  /// In place on a terminal, with a bar, rate and time left; elsewhere a line after 2 s, then every ten
  /// seconds. `total` below 0: unknown.
  void progress(const std::string& task, int64_t done, int64_t total) override;
  void progress_ended() override;
  /// progress() for a command that processes images; nothing for a single one. With `between`, for commands
  /// that write results to stdout in the meantime, nothing is shown if stdout is a terminal: the results show
  /// progress, and would garble the line.
  void images_done(int64_t done, int64_t total, bool between = true);
  const DisplayOptions& options() const { return options_; }

 private:
  /// progress() whose first line, if not in place, comes after `first_s` seconds.
  void tell(const std::string& task, int64_t done, int64_t total, double first_s);
  void print(const char* color, const std::string& label, const std::string& text);
  void print_json(const char* level, const std::string& message, const nlohmann::ordered_json& fields);

  DisplayOptions options_;
  bool writes_json_ = false;
  std::mutex mutex_;
  ProgressLine progress_line_;
  std::string task_;                  // of progress()
  std::optional<TaskReport> report_;  // of this task
};

}  // namespace kiloword::cli
