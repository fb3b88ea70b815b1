#pragma once

#include <string>

#include "kiloword/batch/row_values.h"

namespace kiloword {

// Tables with a heading, after RFC 4180: a field with the separator, a quotation mark or a line break stands
// in quotation marks, and those within it are doubled. The columns and their order do not change within a
// schema of records; further ones would come after them. Lines come without their end; a comma asks for CR
// LF.

/// path, status, text, tags, caption, description, width, height, model, index, bytes, modified, run, error
std::string table_heading(char separator);

/// The line of one row. Tags are separated by "; "; a path that is no UTF-8 is made so.
std::string table_line(const RowValues& values, char separator);

}  // namespace kiloword
