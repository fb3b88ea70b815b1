#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace kiloword {

/// Counts, by kind, the files of folders and archives that are not inputs. May be read while another thread
/// counts.
class LeftOutFiles {
 public:
  void add(const std::string& name);

  /// "2 RAW files, 1 video"; unless `all`, only kinds that may be mistaken for images. Empty if there are
  /// none.
  std::string text(bool all) const;

 private:
  static constexpr size_t kKinds = 2;  // the last: any other

  std::array<std::atomic<uint64_t>, kKinds> counts_{};
};

}  // namespace kiloword
