#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kiloword/batch/row_values.h"

namespace kiloword {

/// A line with placeholders for values: "{path}\t{text}". `{name}` is a value, `{{` and `}}` are braces, and
/// `\t`, `\n`, `\0` and `\\` a tab, a line break, a NUL byte and a backslash.
class RowTemplate {
 public:
  /// Throws Error(kUsage) for an unknown value, listing the known ones, and for a stray brace or backslash.
  explicit RowTemplate(std::string_view text);

  /// The line of a row. Values are printable and on one line each; tags are separated by ", ".
  std::string fill(const RowValues& values) const;

 private:
  struct Part {
    std::string literal;
    size_t value = 0;  ///< index in the table of values, after the literal; the table's size: none
  };

  std::vector<Part> parts_;
};

}  // namespace kiloword
