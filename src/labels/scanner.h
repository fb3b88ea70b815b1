#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/labels/label_set.h"

namespace kiloword {

/// A label set and where its header lines stand (0: nowhere).
struct ScannedLabelSet {
  LabelSet set;
  int statement_line = 0;
  int gate_line = 0;
  int separator_line = 0;
  std::vector<int> match_lines;     ///< one per match template of the file
  std::vector<int> negative_lines;  ///< one per negative
};

/// Called for what keeps a set from being used: line, message, remedy (may be empty). May throw to end the
/// scan.
using ScanReport = std::function<void(int line, std::string message, std::string remedy)>;

/// Reads a label file line by line, the one reader behind parsing and lint. What is reported is left out of
/// the result, so that a caller who goes on still gets the rest.
ScannedLabelSet scan_label_set(std::string_view content, std::string name, const std::filesystem::path& path,
                               const ScanReport& report);

}  // namespace kiloword
