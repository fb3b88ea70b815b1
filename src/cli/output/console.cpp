#include "cli/output/console.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cli/output/json_message.h"
#include "kiloword/base/utf8.h"

namespace kiloword::cli {
namespace {

constexpr const char* kRed = "\x1b[1;31m";
constexpr const char* kYellow = "\x1b[1;33m";
constexpr const char* kReset = "\x1b[0m";

}  // namespace

void Console::print(const char* color, const std::string& label, const std::string& text) {
  const bool colored = color != nullptr && use_color(options_.color);
  const std::string begin = label.empty() ? "" : (colored ? color + label + kReset : label) + ": ";
  const std::lock_guard<std::mutex> lock(mutex_);
  progress_line_.clear();
  print_diagnostic("kiloword: " + begin + text);
}

void Console::print_json(const char* level, const std::string& message,
                         const nlohmann::ordered_json& fields) {
  const std::lock_guard<std::mutex> lock(mutex_);
  progress_line_.clear();
  print_diagnostic(json_message(level, message, fields));
}

void Console::error(const Error& error) {
  if (writes_json_) {
    nlohmann::ordered_json fields{{"kind", error_kind_name(error.kind())}};
    if (!error.where().empty()) fields["where"] = error.where();
    if (!error.remedy().empty()) fields["remedy"] = error.remedy();
    return print_json("error", error.message(), fields);
  }
  const std::string remedy = error.remedy().empty() ? "" : "; " + error.remedy();
  print(kRed, error.where().empty() ? "error" : printable(error.where()),
        printable(error.message() + remedy));
}

void Console::warning(const std::string& text) {
  if (options_.quiet) return;
  writes_json_ ? print_json("warning", text, nlohmann::ordered_json::object())
               : print(kYellow, "warning", text);
}

void Console::note(const std::string& text) {
  if (options_.quiet) return;
  writes_json_ ? print_json("info", text, nlohmann::ordered_json::object()) : print(nullptr, "", text);
}

void Console::detail(const std::string& text) {
  detail(text, nlohmann::ordered_json::object());
}

void Console::detail(const std::string& text, const nlohmann::ordered_json& fields) {
  if (!options_.verbose) return;
  writes_json_ ? print_json("debug", text, fields) : print(nullptr, "", text);
}

void Console::show_progress(const std::string& text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  progress_line_.show(text);
}

void Console::progress(const std::string& task, int64_t done, int64_t total) {
  constexpr double kFirst_s = 2;
  tell(task, done, total, kFirst_s);
}

void Console::tell(const std::string& task, int64_t done, int64_t total, double first_s) {
  if (!report_ || task != task_) report_.emplace();
  task_ = task;
  const std::string text = report_->text(task, done, total);
  if (::isatty(STDERR_FILENO) != 1 || writes_json_) {
    if (!options_.no_progress && report_->is_due(TaskReport::Clock::now(), first_s)) note(text);
    return;
  }
  if (!report_->is_redraw_due() && done != total) return;
  const size_t columns = terminal_columns() - 1;
  const std::string shown = text.substr(0, columns);
  const bool has_bar = total > 0;
  const double part = has_bar ? static_cast<double>(done) / static_cast<double>(total) : 0;
  show_progress((has_bar ? progress_bar(part, columns - shown.size()) : "") + shown);
}

void Console::images_done(int64_t done, int64_t total, bool between) {
  constexpr double kFirst_s = 10;
  if (total != 1 && !(between && ::isatty(STDOUT_FILENO) == 1)) tell("images", done, total, kFirst_s);
}

void Console::progress_ended() {
  report_.reset();
  const std::lock_guard<std::mutex> lock(mutex_);
  progress_line_.clear();
}

}  // namespace kiloword::cli
