#include "kiloword/batch/folder_watch.h"

#include <dirent.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "batch/file_stamp.h"
#include "batch/folder_listing.h"
#include "kiloword/base/descriptor.h"
#include "kiloword/base/file.h"
#include "kiloword/base/hash.h"

namespace kiloword {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kTick = std::chrono::milliseconds(100);
constexpr uint32_t kEvents =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

std::vector<std::string> names_in(const std::string& path) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, CloseFolder> listing(::opendir(path.c_str()));
  while (const dirent* entry = listing ? ::readdir(listing.get()) : nullptr) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Error unwatchable(int error, const std::string& path) {
  return {ErrorKind::kInput, "cannot watch the folder: " + errno_message(error), path,
          error == ENOSPC ? "allow more watches: sysctl fs.inotify.max_user_watches" : ""};
}

}  // namespace

class FolderWatch::State {
 public:
  explicit State(WatchOptions options);
  std::optional<std::string> next();

  std::optional<Error> failure() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return failure_;
  }
  const LeftOutFiles& left_out() const { return left_out_; }

 private:
  struct Root {
    std::string path;
    dev_t device = 0;
    ino_t inode = 0;
    std::optional<Clock::time_point> gone_since{};
  };
  struct Folder {
    std::string path;      // with the slash behind it
    std::string relative;  // to the root; empty, or with a slash behind it
  };
  /// A file that may still be written.
  struct Held {
    std::optional<FileStamp> stamp;
    Clock::time_point since;
  };

  static bool look_at(Root& root);
  void enter(const std::string& path, const std::string& relative);
  void enter_all();
  void forget_below(const std::string& path);
  void read_events();
  void take_event(const inotify_event& event);
  void take_file(const Folder& folder, const std::string& name, bool is_complete);
  void release_held();
  void check_roots();
  void fail(const Error& error);
  bool is_new(const std::string& path);

  WatchOptions options_;
  LeftOutFiles left_out_;
  Descriptor inotify_;
  std::vector<Root> roots_;
  std::unordered_map<int, Folder> folders_;  // by watch
  std::deque<std::string> ready_;
  std::map<std::string, Held> held_;
  std::unordered_map<uint64_t, uint64_t> seen_;  // hash of a path -> hash of the stamp that it came with
  Clock::time_point roots_checked_ = Clock::now();
  mutable std::mutex mutex_;
  std::optional<Error> failure_;
};

FolderWatch::State::State(WatchOptions options)
    : options_(std::move(options)), inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  if (inotify_.get() < 0) throw unwatchable(errno, "");
  for (const std::string& folder : options_.folders) {
    Root root{folder};
    if (!look_at(root)) {
      throw Error(ErrorKind::kUsage, "is not a folder that can be watched", folder,
                  "give folders with --follow");
    }
    roots_.push_back(std::move(root));
  }
  enter_all();
}

/// Whether the folder is there; it may be another one than before.
bool FolderWatch::State::look_at(Root& root) {
  struct stat status {};
  if (::stat(root.path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  root.device = status.st_dev;
  root.inode = status.st_ino;
  return true;
}

void FolderWatch::State::enter_all() {
  for (const Root& root : roots_) {
    if (!root.gone_since) enter(root.path, "");
  }
}

/// Watches a folder and what is below, and takes the files that are there. A folder that is watched already
/// under another name is left to that one.
void FolderWatch::State::enter(const std::string& path, const std::string& relative) {
  const std::string inside = with_slash(path);
  const int watch = ::inotify_add_watch(inotify_.get(), path.c_str(), kEvents);
  if (watch < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return;  // it has gone again
    if (errno != EACCES || relative.empty()) throw unwatchable(errno, path);
    ready_.push_back(path);  // the listing tells that it cannot be listed
    return;
  }
  const auto [known, is_new_watch] = folders_.try_emplace(watch, Folder{inside, relative});
  if (!is_new_watch && known->second.path != inside) return;
  const Folder folder{inside, relative};
  for (const std::string& name : names_in(path)) {
    struct stat status {};
    if (::stat((inside + name).c_str(), &status) != 0) continue;
    if (S_ISREG(status.st_mode)) take_file(folder, name, false);
    if (S_ISDIR(status.st_mode) && options_.filter.accepts_folder(relative + name)) {
      enter(inside + name, relative + name + "/");
    }
  }
}

void FolderWatch::State::forget_below(const std::string& path) {
  const std::string inside = with_slash(path);
  for (auto folder = folders_.begin(); folder != folders_.end();) {
    const bool is_below = folder->second.path.compare(0, inside.size(), inside) == 0;
    if (is_below) ::inotify_rm_watch(inotify_.get(), folder->first);
    folder = is_below ? folders_.erase(folder) : std::next(folder);
  }
}

void FolderWatch::State::take_file(const Folder& folder, const std::string& name, bool is_complete) {
  const std::string relative = folder.relative + name;
  if (!wants_file(options_.filter, relative, left_out_)) return;
  std::string path = folder.path + name;
  if (is_complete) {
    held_.erase(path);
    ready_.push_back(std::move(path));
    return;
  }
  const std::optional<FileStamp> stamp = stamp_of_file(path);
  struct timespec now {};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const Nanoseconds age = time_in_ns(now.tv_sec, now.tv_nsec) - (stamp ? stamp->mtime_ns : 0);
  const auto quiet_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(options_.quiet).count();
  if (stamp && age >= quiet_ns) {
    ready_.push_back(std::move(path));
  } else {
    held_.insert_or_assign(std::move(path), Held{stamp, Clock::now()});
  }
}

void FolderWatch::State::release_held() {
  const Clock::time_point now = Clock::now();
  for (auto held = held_.begin(); held != held_.end();) {
    if (now - held->second.since < options_.quiet) {
      ++held;
      continue;
    }
    const std::optional<FileStamp> stamp = stamp_of_file(held->first);
    if (stamp && !(held->second.stamp && *stamp == *held->second.stamp)) {
      held->second = Held{stamp, now};
      ++held;
      continue;
    }
    if (stamp) ready_.push_back(held->first);
    held = held_.erase(held);
  }
}

void FolderWatch::State::take_event(const inotify_event& event) {
  if ((event.mask & IN_Q_OVERFLOW) != 0) return enter_all();
  const auto found = folders_.find(event.wd);
  if (found == folders_.end()) return;
  if ((event.mask & IN_IGNORED) != 0) {
    folders_.erase(found);
    return;
  }
  if (event.len == 0) return;
  const Folder folder = found->second;  // entering others may move it
  const std::string name = event.name;  // NOLINT: ended by a NUL byte
  const std::string path = folder.path + name;
  if ((event.mask & IN_ISDIR) != 0) {
    if ((event.mask & IN_MOVED_FROM) != 0) forget_below(path);
    const bool arrives = (event.mask & (IN_CREATE | IN_MOVED_TO)) != 0;
    if (arrives && options_.filter.accepts_folder(folder.relative + name)) {
      enter(path, folder.relative + name + "/");
    }
    return;
  }
  if ((event.mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0) return take_file(folder, name, true);
  // A link has its content already; what is created otherwise is closed when it is complete.
  struct stat status {};
  const bool is_link = (event.mask & IN_CREATE) != 0 && ::lstat(path.c_str(), &status) == 0 &&
                       (S_ISLNK(status.st_mode) || status.st_nlink > 1);
  if (is_link) take_file(folder, name, false);
}

void FolderWatch::State::read_events() {
  alignas(inotify_event) std::array<char, 1 << 16> block;  // NOLINT: filled by read
  for (;;) {
    const ssize_t count = ::read(inotify_.get(), block.data(), block.size());
    if (count <= 0) return;
    for (ssize_t at = 0; at < count;) {
      const auto* event = reinterpret_cast<const inotify_event*>(block.data() + at);
      take_event(*event);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
    if (!ready_.empty()) return;
  }
}

void FolderWatch::State::check_roots() {
  const Clock::time_point now = Clock::now();
  if (now - roots_checked_ < kTick) return;
  roots_checked_ = now;
  for (Root& root : roots_) {
    const Root before = root;
    if (look_at(root)) {
      const bool is_another = root.device != before.device || root.inode != before.inode;
      root.gone_since.reset();
      if (!is_another && !before.gone_since) continue;
      forget_below(root.path);
      enter(root.path, "");
      continue;
    }
    if (!root.gone_since) root.gone_since = now;
    if (now - *root.gone_since < options_.patience) continue;
    fail(Error(ErrorKind::kInput, "the watched folder no longer exists", root.path,
               "create or mount it again, then continue with --resume"));
  }
}

void FolderWatch::State::fail(const Error& error) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!failure_) failure_ = error;
}

bool FolderWatch::State::is_new(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;  // it has gone again
  const std::optional<FileStamp> stamp = S_ISDIR(status.st_mode) ? FileStamp() : stamp_of(status);
  if (!stamp) return false;
  const std::string state = std::to_string(stamp->bytes) + " " +
                            std::to_string(static_cast<int64_t>(stamp->mtime_ns % 1'000'000'000)) + " " +
                            std::to_string(static_cast<int64_t>(stamp->mtime_ns / 1'000'000'000));
  return std::exchange(seen_[hash64(path)], hash64(state)) != hash64(state);
}

std::optional<std::string> FolderWatch::State::next() {
  for (;;) {
    if (options_.stop && options_.stop()) return std::nullopt;
    if (!ready_.empty()) {
      std::string path = std::move(ready_.front());
      ready_.pop_front();
      if (is_new(path)) return path;
      continue;
    }
    if (failure()) return std::nullopt;
    pollfd waiting{inotify_.get(), POLLIN, 0};
    ::poll(&waiting, 1, static_cast<int>(kTick.count()));
    try {
      read_events();
      release_held();
      check_roots();
    } catch (const Error& error) {
      fail(error);
    }
  }
}

FolderWatch::FolderWatch(WatchOptions options) : state_(std::make_unique<State>(std::move(options))) {}
FolderWatch::~FolderWatch() = default;

std::optional<std::string> FolderWatch::next() {
  return state_->next();
}

std::optional<Error> FolderWatch::failure() const {
  return state_->failure();
}

const LeftOutFiles& FolderWatch::left_out() const {
  return state_->left_out();
}

}  // namespace kiloword
