#pragma once

#include <string>

#include "kiloword/batch/row_values.h"

namespace kiloword {

// Tables with a header, after RFC 4180: a field that contains the separator, a quotation mark or a line break
// is quoted, with quotation marks in it doubled. Within a schema version, columns and their order do not
// change, except that new ones may be appended. Lines are returned without their end, which is CR LF for the
// separator comma.

/// path, status, text, tags, caption, description, width, height, model, index, bytes, modified, run, error
std::string table_heading(char separator);

/// The line of one row. Tags are separated by "; "; a path that is not UTF-8 is converted to it.
std::string table_line(const RowValues& values, char separator);

}  // namespace kiloword
