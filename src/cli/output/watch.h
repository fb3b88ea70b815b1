#pragma once

#include <string>
#include <vector>

#include "kiloword/guided/description.h"
#include "kiloword/pipeline/record.h"

namespace kiloword::cli {

/// Lines for one step of a search, each at most `columns` wide: the text so far (its end, if too long) and
/// the best next tokens with their two terms.
std::vector<std::string> watch_lines(const SearchView& view, size_t columns);

/// The image's support for each word of a description: "support: dog 0.98, grass 0.57"; empty for an error
/// record, and for the result of a plain search.
std::string support_line(const DescriptionRecord& record);

/// Shows a running search on stderr: in place on a terminal, elsewhere line by line.
class Watch {
 public:
  Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() { clear(); }

  void show(const SearchView& view);
  /// Erases the lines shown on the terminal.
  void clear();

 private:
  bool in_place_;
  size_t lines_shown_ = 0;
};

}  // namespace kiloword::cli
