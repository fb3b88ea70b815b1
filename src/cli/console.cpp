#include "cli/console.h"

#include "kiloword/base/utf8.h"

namespace kiloword::cli {
namespace {

constexpr const char* kRed = "\x1b[1;31m";
constexpr const char* kYellow = "\x1b[1;33m";
constexpr const char* kReset = "\x1b[0m";

}  // namespace

void Console::print(const char* color, const std::string& label, const std::string& text) {
  progress_.clear();
  const bool colored = use_color(options_.color);
  print_diagnostic("kiloword: " + (colored ? color + label + kReset : label) + ": " + text);
}

void Console::error(const Error& error) {
  const std::string remedy = error.remedy().empty() ? "" : "; " + error.remedy();
  print(kRed, error.where().empty() ? "error" : printable(error.where()),
        printable(error.message() + remedy));
}

void Console::warning(const std::string& text) {
  if (!options_.quiet) print(kYellow, "warning", text);
}

void Console::note(const std::string& text) {
  if (options_.quiet) return;
  progress_.clear();
  print_diagnostic("kiloword: " + text);
}

void Console::detail(const std::string& text) {
  if (!options_.verbose) return;
  progress_.clear();
  print_diagnostic("kiloword: " + text);
}

}  // namespace kiloword::cli
