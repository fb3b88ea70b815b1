#pragma once

namespace kiloword {

/// While one lives, what its own thread writes to std::cerr is dropped; other threads are not affected.
/// OpenCV 4.6 prints the reason of every failed decoding there and has no switch for it.
class QuietCerr {
 public:
  QuietCerr();
  ~QuietCerr();
  QuietCerr(const QuietCerr&) = delete;
  QuietCerr& operator=(const QuietCerr&) = delete;
};

}  // namespace kiloword
