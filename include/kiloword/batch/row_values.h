#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// What other programs want of a row: plain texts instead of JSON.
struct RowValues {
  std::string path;  ///< exact, which may be no UTF-8
  bool failed = false;
  std::string error;        ///< what went wrong
  std::string caption;      ///< "[Image Attached: ...]", with its author
  std::string text;         ///< the description, else what the caption says; empty where that is nothing
  std::string description;  ///< empty: it was not asked for
  std::vector<std::string> tags;  ///< labels of the statements that are said, else the description's words
  /// Numbers and names as the row has them; empty where it has none.
  std::string width, height, model, index, bytes, modified, run;
};

/// The values of a row, or of a record of captions or descriptions. Throws Error(kModel) for what is neither.
RowValues row_values(std::string_view row);

}  // namespace kiloword
