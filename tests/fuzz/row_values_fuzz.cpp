// Records that a server sends, as tables and sidecars take them: whatever they are, a line of a table stays
// one record of RFC 4180.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "kiloword/base/error.h"
#include "kiloword/batch/row_table.h"
#include "kiloword/batch/row_template.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// Fields of a table's line: separators outside quotation marks, plus one.
size_t fields_of(std::string_view line, char separator) {
  size_t fields = 1;
  bool is_quoted = false;
  for (const char c : line) {
    if (c == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    require(c != '\n');
    if (c == separator) ++fields;
  }
  require(!is_quoted);
  return fields;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  kiloword::RowValues values;
  try {
    values = kiloword::row_values({reinterpret_cast<const char*>(data), size});
  } catch (const kiloword::Error&) {
    return 0;
  }
  for (const char separator : {',', '\t'}) {
    require(fields_of(kiloword::table_line(values, separator), separator) ==
            fields_of(kiloword::table_heading(separator), separator));
  }
  const std::string line = kiloword::RowTemplate("{path} {name} {stem} {text} {tags} {caption}").fill(values);
  require(std::find(line.begin(), line.end(), '\n') == line.end());
  return 0;
}
