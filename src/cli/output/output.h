#pragma once

#include <string>
#include <string_view>

namespace kiloword::cli {

/// Writes `line` and a line break to stdout at once, so that what was written is never lost and never torn.
/// Throws OutputClosed on a closed pipe, Error(kOutput) when the device is full or fails.
void write_line(std::string_view line);

/// Likewise for `text`, which may be many lines, as it is.
void write_text(std::string_view text);

/// One diagnostic line on stderr.
void print_diagnostic(std::string_view line);
/// Likewise, without an end of line.
void print_unended(std::string_view text);

/// Whether escape sequences may go to stderr under `--color` = "auto", "always" or "never" (auto: a terminal
/// or CLICOLOR_FORCE, and not NO_COLOR).
bool use_color(const std::string& mode);

/// The width of the terminal on stderr; 80 where it does not say.
size_t terminal_columns();

/// "[=====>    ] " for a `part` of 1 that is done, at most `columns` wide; empty where those are too few.
std::string progress_bar(double part, size_t columns);

/// A progress line on stderr that overwrites itself; silent unless `enabled` and stderr is a terminal.
class ProgressLine {
 public:
  explicit ProgressLine(bool enabled);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { clear(); }

  void show(const std::string& text);
  /// Removes the line, so that other output starts on a clean one.
  void clear();

 private:
  bool enabled_;
  bool shown_ = false;
};

}  // namespace kiloword::cli
