#pragma once

#include <string_view>

namespace kiloword {

/// A file of the page, compiled into the program.
struct PageFile {
  std::string_view path;  ///< as a browser requests it
  std::string_view content_type;
  std::string_view content;
};

/// The file at `path`; null if there is none.
const PageFile* find_page_file(std::string_view path);

}  // namespace kiloword
