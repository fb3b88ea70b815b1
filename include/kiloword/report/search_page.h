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
  std::string path;                  ///< relative to the current folder; the bytes of the path
  std::string link;                  ///< relative to the page's folder; empty: none
  std::optional<double> cosine;      ///< -1..1
  std::optional<double> confidence;  ///< 0..1
};

struct SearchPage {
  std::string query;  ///< as the user gave it
  std::string about;  ///< a line below it
  std::vector<FoundOnPage> images;
  int thumbnail_px = 256;      ///< of the longer side; 0: no thumbnails
  DecodeLimits limits;         ///< for thumbnails
  int threads = 1;             ///< that make thumbnails
  std::function<bool()> stop;  ///< called before every image: whether to stop
};

/// Writes the page, one HTML file without a script that needs nothing else: no network and no other file.
/// Texts and paths are data there, never markup. `write` gets it in pieces. An image that cannot be read only
/// has no thumbnail. Returns how many have none, or nothing if `stop` returned true. Throws what `write`
/// throws.
std::optional<uint64_t> write_search_page(const SearchPage& page,
                                          const std::function<void(std::string_view)>& write);

}  // namespace kiloword
