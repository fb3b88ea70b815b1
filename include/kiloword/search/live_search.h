#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kiloword/search/image_search.h"

namespace kiloword {

/// An ImageSearch over indexes that others bring up to date meanwhile. May be used from several threads.
class LiveSearch {
 public:
  /// Opens them; see ImageSearch.
  explicit LiveSearch(std::vector<std::string> places);

  /// The search over what the files are now. What cannot be used at the moment, such as an index whose update
  /// has not come to its end, is looked for in what was there before.
  std::shared_ptr<const ImageSearch> current();

 private:
  std::vector<std::string> places_;
  std::mutex mutex_;
  std::string stamp_;  // of the files as they were last tried
  std::shared_ptr<const ImageSearch> search_;
};

}  // namespace kiloword
