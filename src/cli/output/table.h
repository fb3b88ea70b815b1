#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kiloword::cli {

/// Writes `rows` to stdout as aligned columns, two spaces apart; the last column is not padded. The first row
/// is the heading. Cells are made printable.
void write_table(const std::vector<std::vector<std::string>>& rows);

/// "1.4 MB", "312 kB", "17 B" (decimal units).
std::string human_size(uint64_t bytes);

}  // namespace kiloword::cli
