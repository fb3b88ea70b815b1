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

/// Which folders are watched, and for how long what is awaited.
struct WatchOptions {
  std::vector<std::string> folders;
  NameFilter filter;
  std::function<bool()> stop;  ///< asked several times a second
  /// How long a watched folder that is gone is waited for.
  std::chrono::milliseconds patience{5000};
  /// A file that was there already is taken when it has not changed for this long.
  std::chrono::milliseconds quiet{2000};
};

/// The files in folders and all below, and those that arrive there, as long as it goes on (inotify(7)). A
/// file comes when whoever writes it has closed it, or has moved or linked it there; one that has changed
/// comes again. Events that the kernel drops are made good by looking through the folders. Folders that
/// another machine changes (network file systems) tell nobody: what arrives there is seen by no watch.
class FolderWatch {
 public:
  /// Throws Error(kUsage) for what is no folder, Error(kInput) where it cannot be watched.
  explicit FolderWatch(WatchOptions options);
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;
  ~FolderWatch();

  /// Waits for the next file. None when it is to stop, or a folder is gone for good.
  std::optional<std::string> next();

  /// What ended it, but for `stop`; may be asked from any thread.
  std::optional<Error> failure() const;
  /// Files that are no inputs.
  const LeftOutFiles& left_out() const;

 private:
  class State;

  std::unique_ptr<State> state_;
};

}  // namespace kiloword
