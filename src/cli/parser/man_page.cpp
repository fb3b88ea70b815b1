#include "cli/parser/man_page.h"

#include <algorithm>

#include "kiloword/base/version.h"

namespace kiloword::cli {
namespace {

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

/// `text` so that roff prints it as it is; a hyphen as the minus sign that can be copied from the page, and a
/// line that begins like a request after a zero-width character.
std::string escaped(const std::string& text) {
  std::string result;
  bool is_first = true;  // of a line
  for (const char c : text) {
    if (is_first && (c == '.' || c == '\'')) result += "\\&";
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
    is_first = c == '\n';
  }
  return result;
}

std::string dashed(std::string text) {
  std::replace(text.begin(), text.end(), ' ', '-');
  return text;
}

std::string options(const std::vector<OptionLine>& lines) {
  std::string text;
  for (const OptionLine& line : lines) {
    text += ".TP\n\\fB" + escaped(line.spelled()) + "\\fR\n" + escaped(line.help) + "\n";
  }
  return text;
}

std::string body(const CommandPage& page, const std::string& level) {
  std::string text;
  if (!page.arguments.empty()) text += level + " \"Arguments\"\n" + options(page.arguments);
  for (const auto& [name, lines] : page.groups)
    text += level + " \"" + escaped(name) + "\"\n" + options(lines);
  return text;
}

std::string examples(const CommandPage& page) {
  std::string text;
  for (const std::string& example : page.examples) text += escaped(example) + "\n";
  return text.empty() ? text : ".nf\n" + text + ".fi\n";
}

constexpr const char* kOfTheProgram =
    R"(.SH "EXIT STATUS"
.TP
0
all inputs done, also where the reader of a pipe went away
.TP
1
some inputs failed; each has its line on standard error, or its error record
.TP
2
wrong arguments
.TP
3
a model or labels are missing or corrupt; a model cannot be fetched; no server answers
.TP
4
output cannot be written
.TP
70
internal error
.TP
130
interrupted; what was done is written
)";

}  // namespace

std::string man_page_name(const CommandPage& page) {
  return dashed(page.path) + ".1";
}

std::string man_page(const CommandPage& page) {
  const bool is_program = page.path.find(' ') == std::string::npos;
  const std::string name = escaped(dashed(page.path));
  std::string text = ".TH \"" + upper(name) + "\" 1 \"\" \"kiloword " + std::string(kVersion) +
                     "\" \"User Commands\"\n.SH NAME\n" + name + " \\- " + escaped(page.description) +
                     "\n.SH SYNOPSIS\n\\fB" + escaped(page.path) + "\\fR" +
                     escaped(page.usage().substr(page.path.size())) + "\n";
  if (!page.commands.empty()) text += ".SH COMMANDS\n";
  for (const CommandPage& command : page.commands) {
    if (is_program) {
      text += ".TP\n\\fB" + escaped(dashed(command.path)) + "\\fR(1)\n" + escaped(command.description) + "\n";
    } else {
      text += ".SS \"" + escaped(command.usage()) + "\"\n" + escaped(command.description) + "\n";
      for (const auto& [group, lines] : command.groups) text += options(lines);
      text += ".PP\n" + examples(command);
    }
  }
  if (!is_program) {
    const std::string own = body(page, ".SS");
    if (!own.empty()) text += ".SH OPTIONS\n" + own;
  }
  text += is_program ? ".SH OPTIONS\n" + options(page.general) : "";
  if (!page.examples.empty()) text += ".SH EXAMPLES\n" + examples(page);
  if (is_program) return text + kOfTheProgram;
  return text + ".SH \"SEE ALSO\"\n\\fBkiloword\\fR(1), which has the options of all commands\n";
}

}  // namespace kiloword::cli
