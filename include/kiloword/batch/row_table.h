#pragma once

#include <string>

#include "kiloword/batch/row_values.h"

namespace kiloword {

// Tables with a header, after RFC 4180: a field that contains the separator, a quotation mark or a line break
// is put in quotation marks, and those within it are doubled. The columns and their order do not change
// within a schema of records; new ones would come last. Lines are returned without their end; with a comma it
// is CR LF.

/// path, status, text, tags, caption, description, width, height, model, index, bytes, modified, run, error
std::string table_heading(char separator);

/// The line of one row. Tags are separated by "; "; a path that is not UTF-8 is converted to it.
std::string table_line(const RowValues& values, char separator);

}  // namespace kiloword
