#pragma once

#include <string>

#include "batch/row_scan.h"

namespace kiloword {

/// Removes what an earlier version has left beside `output` when it was killed while it rewrote it:
/// OUTPUT.XXXXXX, with six letters and digits at random, readable by its owner alone. Nothing is lost: such a
/// file goes only where it holds rows alone, and `rows`, those of the output, have each of them. Whoever
/// calls holds the output's lock, so that nobody writes such a file.
void remove_old_leftovers(const std::string& output, const RowScan& rows);

}  // namespace kiloword
