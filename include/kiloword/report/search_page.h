#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/image/decode.h"

namespace kiloword {

/// An image on a page of search results.
struct FoundOnPage {
  std::string path;                  ///< exact bytes, relative to the current folder
  std::string link;                  ///< relative to the page's folder; empty: none
  std::optional<double> cosine;      ///< -1..1
  std::optional<double> confidence;  ///< 0..1
};

struct SearchPage {
  std::string query;  ///< as the user gave it
  std::string about;  ///< a line below the query
  std::vector<FoundOnPage> images;
  int thumbnail_px = 256;      ///< longer side; 0: no thumbnails
  DecodeLimits limits;         ///< for thumbnails
  int threads = 1;             ///< for thumbnails
  std::function<bool()> stop;  ///< called before every image: whether to stop
};

/// Writes the page as one self-contained HTML file without script, passing it to `write` in pieces. Texts and
/// paths are never treated as markup. An unreadable image just has no thumbnail. Returns the number of images
/// without one, or none if `stop` returned true. Throws what `write` throws.
std::optional<uint64_t> write_search_page(const SearchPage& page,
                                          const std::function<void(std::string_view)>& write);

}  // namespace kiloword
