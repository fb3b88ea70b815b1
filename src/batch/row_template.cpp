#include "kiloword/batch/row_template.h"

#include <array>
#include <functional>

#include "kiloword/base/error.h"
#include "kiloword/base/text.h"
#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

std::string file_name(const std::string& path) {
  return path.substr(path.find_last_of("/!") + 1);
}

std::string stem(const std::string& path) {
  const std::string name = file_name(path);
  const size_t dot = name.rfind('.');
  return dot == std::string::npos || dot == 0 ? name : name.substr(0, dot);
}

struct Value {
  std::string_view name;
  std::string (*of)(const RowValues&);
};

constexpr std::array<Value, 14> kValues{{
    {"path", [](const RowValues& row) { return row.path; }},
    {"name", [](const RowValues& row) { return file_name(row.path); }},
    {"stem", [](const RowValues& row) { return stem(row.path); }},
    {"caption", [](const RowValues& row) { return row.caption; }},
    {"text", [](const RowValues& row) { return row.text; }},
    {"description", [](const RowValues& row) { return row.description; }},
    {"tags", [](const RowValues& row) { return joined(row.tags, ", "); }},
    {"width", [](const RowValues& row) { return row.width; }},
    {"height", [](const RowValues& row) { return row.height; }},
    {"model", [](const RowValues& row) { return row.model; }},
    {"index", [](const RowValues& row) { return row.index; }},
    {"bytes", [](const RowValues& row) { return row.bytes; }},
    {"modified", [](const RowValues& row) { return row.modified; }},
    {"run", [](const RowValues& row) { return row.run; }},
}};

[[noreturn]] void refuse(const std::string& what, const std::string& remedy) {
  throw Error(ErrorKind::kUsage, what, "--template", remedy);
}

size_t value_named(std::string_view name) {
  std::string names;
  for (size_t i = 0; i < kValues.size(); ++i) {
    if (kValues[i].name == name) return i;
    names += (i > 0 ? ", " : "") + std::string(kValues[i].name);
  }
  refuse("there is no value named '" + printable(name) + "'", "there are " + names);
}

char escaped(char c) {
  switch (c) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case '0':
      return '\0';
    case '\\':
      return '\\';
    default:
      refuse("a backslash that means nothing", "there are \\t, \\n, \\0 and \\\\");
  }
}

}  // namespace

RowTemplate::RowTemplate(std::string_view text) {
  Part part;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool doubled = i + 1 < text.size() && text[i + 1] == c;
    if (c == '\\') {
      part.literal += escaped(i + 1 < text.size() ? text[++i] : ' ');
    } else if ((c == '{' || c == '}') && doubled) {
      part.literal += c;
      ++i;
    } else if (c == '{') {
      const size_t end = text.find('}', i);
      if (end == std::string_view::npos)
        refuse("a brace that is not closed", "double it for a literal brace");
      part.value = value_named(text.substr(i + 1, end - i - 1));
      parts_.push_back(std::move(part));
      part = Part();
      i = end;
    } else if (c == '}') {
      refuse("a closing brace without an opening one", "double it for a literal brace");
    } else {
      part.literal += c;
    }
  }
  part.value = kValues.size();
  parts_.push_back(std::move(part));
}

std::string RowTemplate::fill(const RowValues& values) const {
  std::string line;
  for (const Part& part : parts_) {
    line += part.literal;
    if (part.value < kValues.size()) line += printable(kValues[part.value].of(values));
  }
  return line;
}

}  // namespace kiloword
