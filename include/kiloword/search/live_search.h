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

  /// The search over the current files. While one cannot be used, such as an index whose update has not
  /// finished, the previous state is searched.
  std::shared_ptr<const ImageSearch> current();

 private:
  std::vector<std::string> places_;
  std::mutex mutex_;
  std::string stamp_;  // of the files as they were last tried
  std::shared_ptr<const ImageSearch> search_;
};

}  // namespace kiloword
