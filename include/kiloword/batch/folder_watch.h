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
  /// How long to wait for a watched folder that has disappeared.
  std::chrono::milliseconds patience{5000};
  /// A file that existed before the watch is returned once it has not changed for this long.
  std::chrono::milliseconds quiet{2000};
};

/// Watches folders recursively (inotify(7)): returns the files in them, then files that arrive. A file is
/// returned once its writer has closed it, or has moved or linked it there; a changed file is returned again.
/// If the kernel drops events, the folders are listed again. Changes made by other machines on network file
/// systems cause no events and are not seen.
class FolderWatch {
 public:
  /// Throws Error(kUsage) for a path that is not a folder, Error(kInput) for one that cannot be watched.
  explicit FolderWatch(WatchOptions options);
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;
  ~FolderWatch();

  /// Waits for the next file. None once stopped, or if a folder does not reappear in time.
  std::optional<std::string> next();

  /// The error that ended the watch; none if it was stopped. May be called from any thread.
  std::optional<Error> failure() const;
  /// Files that are not inputs.
  const LeftOutFiles& left_out() const;

 private:
  class State;

  std::unique_ptr<State> state_;
};

}  // namespace kiloword
