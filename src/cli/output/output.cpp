#include "cli/output/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/interrupt.h"
#include "kiloword/base/output_target.h"

namespace kiloword::cli {

void write_line(std::string_view line) {
  std::string bytes(line);
  bytes += '\n';
  write_text(bytes);
}

void write_text(std::string_view text) {
  int error = 0;
  {
    const UninterruptedWrite whole_text;
    error = write_descriptor(STDOUT_FILENO, text);
  }
  if (error == EPIPE) throw OutputClosed();
  if (error != 0) {
    throw Error(ErrorKind::kOutput, "cannot write: " + errno_message(error), "standard output",
                "free some space or write elsewhere");
  }
}

void print_diagnostic(std::string_view line) {
  std::string bytes(line);
  bytes += '\n';
  print_unended(bytes);
}

void print_unended(std::string_view text) {
  write_descriptor(STDERR_FILENO, text);  // nowhere is left to report that stderr is gone
}

bool use_color(const std::string& mode) {
  if (mode != "auto") return mode == "always";
  const auto is_set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  if (is_set("NO_COLOR")) return false;
  if (is_set("CLICOLOR_FORCE") && std::string_view(std::getenv("CLICOLOR_FORCE")) != "0") return true;
  return ::isatty(STDERR_FILENO) == 1;
}

size_t terminal_columns() {
  constexpr size_t kDefaultColumns = 80;
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kDefaultColumns;
}

std::string progress_bar(double part, size_t columns) {
  constexpr size_t kMaxBarColumns = 24;
  if (columns < 8) return "";
  const size_t width = std::min(columns - 3, kMaxBarColumns);
  const auto filled = static_cast<size_t>(std::min(part, 1.0) * static_cast<double>(width));
  std::string text = std::string(filled, '=') + (filled < width ? ">" : "");
  text.resize(width, ' ');
  return "[" + text + "] ";
}

ProgressLine::ProgressLine(bool enabled) : enabled_(enabled && ::isatty(STDERR_FILENO) == 1) {}

void ProgressLine::show(const std::string& text) {
  if (!enabled_) return;
  write_descriptor(STDERR_FILENO, "\r\x1b[K" + text);
  shown_ = true;
}

void ProgressLine::clear() {
  if (shown_) write_descriptor(STDERR_FILENO, "\r\x1b[K");
  shown_ = false;
}

}  // namespace kiloword::cli
