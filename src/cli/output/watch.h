#pragma once

#include <string>
#include <vector>

#include "kiloword/guided/description.h"
#include "kiloword/pipeline/record.h"

namespace kiloword::cli {

/// Lines for one step of a search, each at most `columns` wide: the text so far (its end, where it is too
/// long) and the best next tokens with their two terms.
std::vector<std::string> watch_lines(const SearchView& view, size_t columns);

/// How far the image supports each word of a description: "support: dog 0.98, grass 0.57"; empty for a search
/// that asked for none.
std::string support_line(const DescriptionRecord& record);

/// Shows a search on stderr while it goes on: on a terminal in place, elsewhere line by line.
class Watch {
 public:
  Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() { clear(); }

  void show(const SearchView& view);
  /// Takes what is shown off the terminal.
  void clear();

 private:
  bool in_place_;
  size_t lines_shown_ = 0;
};

}  // namespace kiloword::cli
