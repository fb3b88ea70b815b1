#pragma once

#include <string>
#include <string_view>

namespace kiloword::cli {

/// Writes `line` and a line break to stdout in one go, so that output is never lost or torn. Throws
/// OutputClosed on a closed pipe, Error(kOutput) if the device is full or fails.
void write_line(std::string_view line);

/// Likewise, writes `text` as it is, which may have several lines.
void write_text(std::string_view text);

/// Writes one diagnostic line to stderr.
void print_diagnostic(std::string_view line);
/// Likewise, without a line break.
void print_unended(std::string_view text);

/// Whether to write escape sequences to stderr under `--color` = "auto", "always" or "never" (auto: if it is
/// a terminal or CLICOLOR_FORCE is set, unless NO_COLOR is set).
bool use_color(const std::string& mode);

/// The width of the terminal on stderr; 80 if unknown.
size_t terminal_columns();

/// "[=====>    ] " for a completed `part` in 0..1, at most `columns` wide; empty if there are too few
/// columns.
std::string progress_bar(double part, size_t columns);

/// A progress line on stderr that is updated in place; does nothing unless `enabled` and stderr is a
/// terminal.
class ProgressLine {
 public:
  explicit ProgressLine(bool enabled);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { clear(); }

  void show(const std::string& text);
  /// Erases the line before other output.
  void clear();

 private:
  bool enabled_;
  bool shown_ = false;
};

}  // namespace kiloword::cli
