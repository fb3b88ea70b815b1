#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/labels/label_set.h"

namespace kiloword {

/// A label set and the line numbers of its header lines (0: missing).
struct ScannedLabelSet {
  LabelSet set;
  int statement_line = 0;
  int gate_line = 0;
  int separator_line = 0;
  std::vector<int> match_lines;     ///< one per prompt template of the file
  std::vector<int> negative_lines;  ///< one per negative
};

/// Called for each problem that makes a set unusable, with line, message and remedy (may be empty). May throw
/// to end the scan.
using ScanReport = std::function<void(int line, std::string message, std::string remedy)>;

/// Reads a label file line by line; shared by parsing and lint. The result omits what is reported, so that a
/// caller who continues still gets the rest.
ScannedLabelSet scan_label_set(std::string_view content, std::string name, const std::filesystem::path& path,
                               const ScanReport& report);

}  // namespace kiloword
