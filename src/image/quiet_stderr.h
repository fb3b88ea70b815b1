#pragma once

namespace kiloword {

/// During its lifetime, discards what C libraries print to `stderr`, since some print messages about corrupt
/// files. Descriptor 2, which this project's messages use, is unaffected.
class QuietStderr {
 public:
  QuietStderr();
  QuietStderr(const QuietStderr&) = delete;
  QuietStderr& operator=(const QuietStderr&) = delete;
  ~QuietStderr();
};

}  // namespace kiloword
