#include "serve/page_files.h"

#include <algorithm>
#include <array>

#include "serve/page_content.h"  // made from the files of page/ by cmake/EmbedFiles.cmake

namespace kiloword {
namespace {

std::string_view bytes_of(const unsigned char* bytes, size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

const PageFile* find_page_file(std::string_view path) {
  static const std::array<PageFile, 3> kFiles{{
      {"/", "text/html; charset=utf-8", bytes_of(kIndexHtml, sizeof kIndexHtml)},
      {"/style.css", "text/css; charset=utf-8", bytes_of(kStyleCss, sizeof kStyleCss)},
      {"/app.js", "text/javascript; charset=utf-8", bytes_of(kAppJs, sizeof kAppJs)},
  }};
  const auto* found =
      std::find_if(kFiles.begin(), kFiles.end(), [path](const PageFile& file) { return file.path == path; });
  return found == kFiles.end() ? nullptr : found;
}

}  // namespace kiloword
