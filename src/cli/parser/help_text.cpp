#include "cli/parser/help_text.h"

#include <algorithm>

namespace kiloword::cli {
namespace {

constexpr size_t kColumns = 80;
constexpr size_t kMostLeft = 26;  // longer ones get a line of their own

/// Two columns: what is typed, and what it does.
std::string entry(const std::string& left, const std::string& right) {
  std::string text = "  " + left;
  if (text.size() + 2 > kMostLeft) {
    text += "\n" + std::string(kMostLeft, ' ');
  } else {
    text.resize(kMostLeft, ' ');
  }
  bool is_first = true;
  for (const std::string& line : wrapped(right, kColumns - kMostLeft)) {
    text += (is_first ? "" : std::string(kMostLeft, ' ')) + line + "\n";
    is_first = false;
  }
  return text;
}

std::string section(const std::string& heading, const std::vector<OptionLine>& lines) {
  if (lines.empty()) return "";
  const bool has_short = std::any_of(lines.begin(), lines.end(),
                                     [](const OptionLine& line) { return !line.short_name.empty(); });
  std::string text = "\n" + heading + ":\n";
  for (const OptionLine& line : lines) {
    const bool needs_indent = has_short && line.short_name.empty() && !line.long_name.empty();
    text += entry((needs_indent ? "    " : "") + line.spelled(), line.help);
  }
  return text;
}

std::string usage_lines(const std::string& usage) {
  std::string text = "Usage:";
  for (const std::string& line : wrapped(usage, kColumns - 7)) text += " " + line + "\n      ";
  return text.substr(0, text.size() - 6);
}

}  // namespace

std::string help_text(const CommandPage& page) {
  std::string text;
  for (const std::string& line : wrapped(page.description, kColumns)) text += line + "\n";
  text += "\n" + usage_lines(page.usage()) + section("Arguments", page.arguments);
  if (!page.commands.empty()) {
    text += "\nCommands:\n";
    for (const CommandPage& command : page.commands) {
      text += entry(command.path.substr(page.path.size() + 1), command.description);
    }
  }
  for (const auto& [name, lines] : page.groups) text += section(name, lines);
  text += section("General options", page.general);
  if (!page.examples.empty()) text += "\nExamples:\n";
  for (const std::string& example : page.examples) text += "  " + example + "\n";
  return text;
}

}  // namespace kiloword::cli
