#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// The values of a row for other programs: plain text instead of JSON.
struct RowValues {
  std::string path;  ///< exact bytes, possibly not UTF-8
  bool failed = false;
  std::string error;              ///< the error's message
  std::string caption;            ///< "[Image Attached: ...]", with its author
  std::string text;               ///< the description, else the statements; empty if there are none
  std::string description;        ///< empty: not requested
  std::vector<std::string> tags;  ///< labels of the selected statements, else the description's words
  /// Numbers and names as the row has them; empty where it has none.
  std::string width, height, model, index, bytes, modified, run;
};

/// The values of a row, or of a record of captions or descriptions. Throws Error(kModel) for anything else.
RowValues row_values(std::string_view row);

}  // namespace kiloword
