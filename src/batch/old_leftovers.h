#pragma once

#include <string>

#include "batch/row_scan.h"

namespace kiloword {

/// Removes temporary files that an earlier version left beside `output` if it was killed while rewriting it:
/// OUTPUT.XXXXXX, with six random letters and digits, readable only by its owner. Nothing is lost: a file is
/// removed only if it contains nothing but rows that are also in `rows`, the rows of the output. The caller
/// must hold the output's lock, so that no process is writing such a file.
void remove_old_leftovers(const std::string& output, const RowScan& rows);

}  // namespace kiloword
