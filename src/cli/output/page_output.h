#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kiloword/base/atomic_file.h"

namespace kiloword::cli {

/// Where an HTML page goes: standard output ("-"), or a file that appears when it is whole.
class PageOutput {
 public:
  /// Throws Error(kUsage) for an output that exists and may not be replaced.
  PageOutput(const std::string& output, bool overwrite);

  void write(std::string_view bytes);
  void finish();

 private:
  std::optional<AtomicFile> file_;
};

}  // namespace kiloword::cli
