#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kiloword/base/atomic_file.h"

namespace kiloword::cli {

/// Destination of an HTML page: standard output ("-"), or a file that appears once it is complete.
class PageOutput {
 public:
  /// Throws Error(kUsage) if the output exists and may not be replaced.
  PageOutput(const std::string& output, bool overwrite);

  void write(std::string_view bytes);
  void finish();

 private:
  std::optional<AtomicFile> file_;
};

}  // namespace kiloword::cli
