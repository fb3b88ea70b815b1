#include "kiloword/models/cache_removal.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <set>
#include <string>
#include <system_error>

#include "kiloword/base/descriptor.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/paths.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

/// An unread snapshot would make blobs look unlinked.
void require_read(const std::error_code& failed, const fs::path& folder) {
  if (!failed || failed == std::errc::no_such_file_or_directory || failed == std::errc::not_a_directory)
    return;
  throw Error(ErrorKind::kModel, "cannot read: " + errno_message(failed.value()), folder.string(),
              "the Hugging Face cache must be readable");
}

/// What is in `folder`, sorted; nothing where there is no such folder.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    entries.push_back(entry->path());
  }
  require_read(failed, folder);
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// All files and links below `folder`, links not followed.
std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    std::error_code ignored;
    if (entry->is_symlink(ignored) || !entry->is_directory(ignored)) files.push_back(entry->path());
  }
  require_read(failed, folder);
  return files;
}

/// The bytes of a file, or of all files in a folder; a link has none.
uint64_t bytes_of(const fs::path& path) {
  std::error_code failed;
  const auto size_of_file = [&failed](const fs::path& file) {
    const bool is_file = fs::symlink_status(file, failed).type() == fs::file_type::regular;
    const uintmax_t size = is_file ? fs::file_size(file, failed) : 0;
    return failed ? 0 : static_cast<uint64_t>(size);
  };
  if (fs::symlink_status(path, failed).type() != fs::file_type::directory) return size_of_file(path);
  uint64_t bytes = 0;
  for (const fs::path& file : files_below(path)) bytes += size_of_file(file);
  return bytes;
}

RemovedPath removed(const fs::path& path) {
  return {path, bytes_of(path)};
}

/// The names of the blobs to which `snapshots` link.
std::set<fs::path> linked_blobs(const std::vector<fs::path>& snapshots) {
  std::set<fs::path> names;
  for (const fs::path& snapshot : snapshots) {
    for (const fs::path& file : files_below(snapshot)) {
      std::error_code failed;
      const fs::path target = fs::read_symlink(file, failed);
      if (!failed) names.insert(target.filename());
    }
  }
  return names;
}

/// The blobs of `repository`, whole or not, to which none of `snapshots` links.
std::vector<fs::path> unlinked_blobs(const fs::path& repository, const std::vector<fs::path>& snapshots) {
  const std::set<fs::path> linked = linked_blobs(snapshots);
  std::vector<fs::path> blobs;
  for (const fs::path& blob : entries_of(repository / "blobs")) {
    if (linked.count(blob.filename()) == 0) blobs.push_back(blob);
  }
  return blobs;
}

/// Whether some program fetches a blob of `repository`, a folder of `cache`.
bool is_being_fetched(const HubCache& cache, const fs::path& repository) {
  const std::vector<fs::path> locks = entries_of(cache.folder() / ".locks" / repository.filename());
  return std::any_of(locks.begin(), locks.end(), [](const fs::path& lock) {
    const Descriptor file(::open(lock.c_str(), O_RDWR | O_CLOEXEC));
    return file.get() >= 0 && ::flock(file.get(), LOCK_EX | LOCK_NB) != 0;
  });
}

/// The commits that stand for `model` in the repository called `name`, as HubCache::find_snapshot looks.
std::set<std::string> commits_of(const HubModel& model, const std::string& name, const HubCache& cache) {
  std::set<std::string> commits;
  for (const std::string& revision : {model.revision, std::string("main")}) {
    if (revision != model.revision && !model.in_registry) continue;
    if (const auto commit = cache.commit_of(name, revision)) commits.insert(*commit);
  }
  return commits;
}

/// What has to go from one of the repositories of `model`.
void add_repository(const HubModel& model, const std::string& name, const HubCache& cache,
                    std::vector<RemovedPath>& paths) {
  const fs::path repository = cache.repository_folder(name);
  std::error_code ignored;
  if (!fs::is_directory(repository, ignored)) return;
  const std::set<std::string> commits = commits_of(model, name, cache);
  std::vector<fs::path> gone;
  std::vector<fs::path> kept;
  for (const fs::path& snapshot : entries_of(repository / "snapshots")) {
    (commits.count(snapshot.filename().string()) > 0 ? gone : kept).push_back(snapshot);
  }
  if (gone.empty() && !kept.empty()) return;
  if (is_being_fetched(cache, repository)) {
    throw Error(ErrorKind::kModel, "model '" + model.name + "' is being fetched", repository.string(),
                "wait for that, or stop it");
  }
  if (kept.empty()) {
    paths.push_back(removed(repository));
    return;
  }
  // Refs first: what is interrupted here leaves no ref without its snapshot.
  for (const fs::path& ref : files_below(repository / "refs")) {
    const auto commit = cache.commit_of(name, ref.lexically_relative(repository / "refs").string());
    if (commit && commits.count(*commit) > 0) paths.push_back(removed(ref));
  }
  for (const fs::path& snapshot : gone) paths.push_back(removed(snapshot));
  const std::set<fs::path> of_model = linked_blobs(gone);
  for (const fs::path& blob : unlinked_blobs(repository, kept)) {
    if (of_model.count(blob.filename()) > 0) paths.push_back(removed(blob));
  }
}

/// Whether anything that has to do with a download in `repository` is younger than kLeftoverAge.
bool is_recent(const fs::path& repository, const std::vector<fs::path>& blobs, fs::file_time_type now) {
  const auto is_young = [now](const fs::path& path) {
    std::error_code failed;
    const fs::file_time_type written = fs::last_write_time(path, failed);
    return !failed && written > now - kLeftoverAge;
  };
  return is_young(repository) || std::any_of(blobs.begin(), blobs.end(), is_young);
}

}  // namespace

std::vector<RemovedPath> paths_of_model(const HubModel& model, const HubCache& cache) {
  std::vector<RemovedPath> paths;
  if (cache.folder().empty()) return paths;
  add_repository(model, model.repository, cache, paths);
  for (const std::string& name : model.former_repositories) add_repository(model, name, cache, paths);
  return paths;
}

std::vector<RemovedPath> leftover_paths(const HubCache& cache, fs::file_time_type now) {
  std::vector<RemovedPath> paths;
  if (cache.folder().empty()) return paths;
  for (const fs::path& repository : entries_of(cache.folder())) {
    if (repository.filename().string().rfind("models--", 0) != 0) continue;
    std::error_code ignored;
    const std::vector<fs::path> snapshots = entries_of(repository / "snapshots");
    const std::vector<fs::path> blobs = unlinked_blobs(repository, snapshots);
    if (is_recent(repository, blobs, now) || is_being_fetched(cache, repository)) continue;
    if (snapshots.empty() && fs::is_directory(repository / "blobs", ignored)) {
      paths.push_back(removed(repository));
      continue;
    }
    for (const fs::path& blob : blobs) paths.push_back(removed(blob));
  }
  return paths;
}

std::vector<RemovedPath> paths_of_tower(const TowerPackage& tower) {
  const auto weights = installed_tower(tower);
  if (!weights) {
    throw Error(ErrorKind::kModel, "image tower " + tower.name + " is not on this machine", "",
                "'kiloword models list' shows the models that can be removed");
  }
  const fs::path folder = user_data_directory() / "towers" / tower.name;
  if (user_data_directory().empty() || weights->parent_path() != folder) {
    throw Error(ErrorKind::kModel, "image tower " + tower.name + " came with kiloword", weights->string(),
                "it is part of the installation");
  }
  return {removed(folder)};
}

void remove_paths(const std::vector<RemovedPath>& paths) {
  for (const RemovedPath& item : paths) {
    std::error_code failed;
    fs::remove_all(item.path, failed);
    if (failed) {
      throw Error(ErrorKind::kOutput, "cannot remove: " + errno_message(failed.value()), item.path.string(),
                  "check its permissions");
    }
  }
}

}  // namespace kiloword
