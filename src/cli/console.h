#pragma once

#include <string>

#include "cli/options.h"
#include "cli/output.h"
#include "kiloword/base/error.h"

namespace kiloword::cli {

/// What a command tells the person at the terminal, on stderr; results go through write_line.
class Console {
 public:
  explicit Console(const DisplayOptions& options)
      : options_(options), progress_(!options.no_progress && !options.quiet) {}

  /// `kiloword: <where>: <what>; <what to do>`, or `kiloword: error: <what>; <what to do>` without a place.
  void error(const Error& error);
  /// `kiloword: warning: ...`, not with -q.
  void warning(const std::string& text);
  /// `kiloword: ...`, not with -q.
  void note(const std::string& text);
  /// `kiloword: ...`, only with -v.
  void detail(const std::string& text);
  ProgressLine& progress() { return progress_; }
  const DisplayOptions& options() const { return options_; }

 private:
  void print(const char* color, const std::string& label, const std::string& text);

  DisplayOptions options_;
  ProgressLine progress_;
};

}  // namespace kiloword::cli
