#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "kiloword/base/text.h"

namespace kiloword {

/// `text` without ASCII white space at both ends.
std::string_view trim(std::string_view text);

/// The parts before and after the first `mark`, trimmed; none if there is no `mark`.
std::optional<std::pair<std::string_view, std::string_view>> split_once(std::string_view text, char mark);

/// Iterates over the lines of a text, which end in LF or CR LF.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {}

  /// Moves to the next line; false after the last. A trailing line end does not start another line.
  bool next();

  /// The line without its end.
  std::string_view text() const { return line_; }
  /// Counted from 1.
  int number() const { return number_; }

 private:
  std::string_view rest_;
  std::string_view line_;
  int number_ = 0;
};

}  // namespace kiloword
