#include "kiloword/batch/row_table.h"

#include <array>

#include "kiloword/base/text.h"
#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

void append_field(std::string& line, const std::string& value, char separator) {
  const char special[] = {separator, '"', '\r', '\n', '\0'};  // NOLINT(modernize-avoid-c-arrays)
  if (value.find_first_of(special) == std::string::npos) {
    line += value;
    return;
  }
  line += '"';
  for (const char c : value) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

template <typename Fields>
std::string line_of(const Fields& fields, char separator) {
  std::string line;
  for (const std::string& field : fields) {
    if (&field != &fields.front()) line += separator;
    append_field(line, field, separator);
  }
  if (separator == ',') line += '\r';
  return line;
}

}  // namespace

std::string table_heading(char separator) {
  const std::array<std::string, 14> names{"path",        "status",   "text",   "tags",  "caption",
                                          "description", "width",    "height", "model", "index",
                                          "bytes",       "modified", "run",    "error"};
  return line_of(names, separator);
}

std::string table_line(const RowValues& values, char separator) {
  const std::array<std::string, 14> fields{to_valid_utf8(values.path),
                                           values.failed ? "error" : "ok",
                                           values.text,
                                           joined(values.tags, "; "),
                                           values.caption,
                                           values.description,
                                           values.width,
                                           values.height,
                                           values.model,
                                           values.index,
                                           values.bytes,
                                           values.modified,
                                           values.run,
                                           values.error};
  return line_of(fields, separator);
}

}  // namespace kiloword
