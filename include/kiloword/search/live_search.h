#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kiloword/search/image_search.h"

namespace kiloword {

/// An ImageSearch over indexes that other processes may update. Thread-safe.
class LiveSearch {
 public:
  /// Opens the indexes; see ImageSearch.
  explicit LiveSearch(std::vector<std::string> places);

  /// The search over the current files. While one cannot be used, for example because its update is
  /// unfinished, returns the previous search.
  std::shared_ptr<const ImageSearch> current();

 private:
  std::vector<std::string> places_;
  std::mutex mutex_;
  std::string stamp_;  // of the files when last opened
  std::shared_ptr<const ImageSearch> search_;
};

}  // namespace kiloword
