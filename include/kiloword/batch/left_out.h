#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace kiloword {

/// Counts files of folders and archives that are no images that can be listed, by kind. May be called while
/// another thread counts.
class LeftOutFiles {
 public:
  void add(const std::string& name);

  /// "2 RAW files, 1 video", without those of no kind that somebody may take for an image unless `all`; empty
  /// for none.
  std::string text(bool all) const;

 private:
  static constexpr size_t kKinds = 2;  // the last is any other

  std::array<std::atomic<uint64_t>, kKinds> counts_{};
};

}  // namespace kiloword
