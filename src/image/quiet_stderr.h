#pragma once

namespace kiloword {

/// While one lives, what C libraries print to `stderr` goes nowhere: some tell of damaged files in lines of
/// their own. Descriptor 2, and with it this project's messages, is left alone.
class QuietStderr {
 public:
  QuietStderr();
  QuietStderr(const QuietStderr&) = delete;
  QuietStderr& operator=(const QuietStderr&) = delete;
  ~QuietStderr();
};

}  // namespace kiloword
