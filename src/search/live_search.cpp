#include "kiloword/search/live_search.h"

#include <sys/stat.h>

#include <utility>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

/// Changes whenever one of the files does.
std::string stamp_of(const std::vector<std::string>& files) {
  std::string stamp;
  for (const std::string& file : files) {
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) continue;
    for (const int64_t number :
         {static_cast<int64_t>(found.st_ino), static_cast<int64_t>(found.st_size),
          static_cast<int64_t>(found.st_mtim.tv_sec), static_cast<int64_t>(found.st_mtim.tv_nsec)}) {
      stamp += std::to_string(number) + " ";
    }
  }
  return stamp;
}

}  // namespace

LiveSearch::LiveSearch(std::vector<std::string> places) : places_(std::move(places)) {
  for (std::string& place : places_) place = index_file_of(place);
  stamp_ = stamp_of(places_);
  search_ = std::make_shared<const ImageSearch>(places_);
}

std::shared_ptr<const ImageSearch> LiveSearch::current() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::string stamp = stamp_of(places_);
  if (stamp == stamp_) return search_;
  try {
    auto search = std::make_shared<const ImageSearch>(places_);
    search->require_fingerprint(search_->key().fingerprint);
    search_ = std::move(search);
  } catch (const Error&) {
    // The former one is mapped and whole.
  }
  stamp_ = std::move(stamp);
  return search_;
}

}  // namespace kiloword
