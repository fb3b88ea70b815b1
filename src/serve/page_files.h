#pragma once

#include <string_view>

namespace kiloword {

/// A file of the page, compiled into the program.
struct PageFile {
  std::string_view path;  ///< as a browser asks for it
  std::string_view content_type;
  std::string_view content;
};

/// Null when there is none at `path`.
const PageFile* find_page_file(std::string_view path);

}  // namespace kiloword
