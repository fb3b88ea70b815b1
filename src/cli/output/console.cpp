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
  if (!report_) report_.emplace();
  const std::string text = report_->text(task, done, total);
  if (::isatty(STDERR_FILENO) == 1 && !writes_json_) {
    show_progress(text);
  } else if (!options_.no_progress && report_->is_due()) {
    note(text);
  }
}

void Console::progress_ended() {
  report_.reset();
  const std::lock_guard<std::mutex> lock(mutex_);
  progress_line_.clear();
}

}  // namespace kiloword::cli
