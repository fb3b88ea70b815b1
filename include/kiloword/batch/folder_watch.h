#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/batch/left_out.h"
#include "kiloword/batch/name_filter.h"

namespace kiloword {

/// The folders to watch, and how long to wait.
struct WatchOptions {
  std::vector<std::string> folders;
  NameFilter filter;
  std::function<bool()> stop;  ///< called several times a second
  /// How long to wait for a watched folder that is gone.
  std::chrono::milliseconds patience{5000};
  /// A file that was there already is taken once it has not changed for this long.
  std::chrono::milliseconds quiet{2000};
};

/// The files in folders and everything below them, and those that arrive there, for as long as it runs
/// (inotify(7)). A file is returned once its writer has closed it, or has moved or linked it there; a changed
/// file is returned again. After the kernel drops events, the folders are listed again. Changes by another
/// machine (network file systems) cause no events: a watch does not see files that arrive that way.
class FolderWatch {
 public:
  /// Throws Error(kUsage) if one is not a folder, Error(kInput) if it cannot be watched.
  explicit FolderWatch(WatchOptions options);
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;
  ~FolderWatch();

  /// Waits for the next file. None when stopped, or when a folder is gone for good.
  std::optional<std::string> next();

  /// Why the watch ended, unless by `stop`; may be called from any thread.
  std::optional<Error> failure() const;
  /// Files that are not inputs.
  const LeftOutFiles& left_out() const;

 private:
  class State;

  std::unique_ptr<State> state_;
};

}  // namespace kiloword
