#include "kiloword/models/hub_cache.h"

#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/models/hub_names.h"
#include "models/file_lists.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxRefBytes = 200;

std::string folder_name(const std::string& repository) {
  const size_t slash = repository.find('/');
  if (slash == std::string::npos) return "models--" + repository;
  return "models--" + repository.substr(0, slash) + "--" + repository.substr(slash + 1);
}

std::vector<std::string> all_names(const HubModel& model) {
  std::vector<std::string> names{model.repository};
  names.insert(names.end(), model.former_repositories.begin(), model.former_repositories.end());
  return names;
}

[[noreturn]] void throw_cannot_write(int error, const fs::path& path) {
  throw Error(ErrorKind::kOutput, "cannot write: " + errno_message(error), path.string(),
              "the Hugging Face cache must be writable; HF_HUB_CACHE can name another folder");
}

}  // namespace

fs::path HubCache::repository_folder(const std::string& repository) const {
  return folder_ / folder_name(repository);
}

fs::path HubCache::blob(const std::string& repository, const std::string& name) const {
  return repository_folder(repository) / "blobs" / name;
}

fs::path HubCache::lock_file(const std::string& repository, const std::string& blob_name) const {
  return folder_ / ".locks" / folder_name(repository) / (blob_name + ".lock");
}

fs::path HubCache::snapshot(const std::string& repository, const std::string& commit) const {
  return repository_folder(repository) / "snapshots" / commit;
}

std::optional<std::string> HubCache::commit_of(const std::string& repository,
                                               const std::string& revision) const {
  if (folder_.empty()) return std::nullopt;
  if (is_commit(revision)) return revision;
  const fs::path ref = repository_folder(repository) / "refs" / revision;
  std::error_code ignored;
  if (!fs::is_regular_file(ref, ignored)) return std::nullopt;
  std::string commit = read_file(ref, kMaxRefBytes, ErrorKind::kModel);
  while (!commit.empty() && (commit.back() == '\n' || commit.back() == ' ')) commit.pop_back();
  return is_commit(commit) ? std::optional(commit) : std::nullopt;
}

std::optional<fs::path> HubCache::find_snapshot(const HubModel& model) const {
  std::vector<std::string> revisions{model.revision};
  // What other programs have fetched is mostly "main", and as good as the commit that the registry names.
  if (model.in_registry && model.revision != "main") revisions.emplace_back("main");
  for (const std::string& revision : revisions) {
    for (const std::string& repository : all_names(model)) {
      const std::optional<std::string> commit = commit_of(repository, revision);
      if (commit && holds_model_files(snapshot(repository, *commit), model)) {
        return snapshot(repository, *commit);
      }
    }
  }
  return std::nullopt;
}

bool HubCache::has_part_of(const HubModel& model) const {
  std::error_code ignored;
  for (const std::string& repository : all_names(model)) {
    const std::optional<std::string> commit = commit_of(repository, model.revision);
    if (commit && fs::is_directory(snapshot(repository, *commit), ignored)) return true;
  }
  return false;
}

void HubCache::link_file(const std::string& repository, const std::string& commit, const std::string& file,
                         const std::string& blob_name) const {
  const fs::path link = snapshot(repository, commit) / file;
  const fs::path target = fs::path("..") / ".." / "blobs" / blob_name;
  std::error_code failed;
  if (fs::read_symlink(link, failed) == target) return;
  fs::create_directories(link.parent_path(), failed);
  // A link cannot be made in place of another file: it is made beside it and renamed.
  const fs::path beside = link.parent_path() / ("." + file + "." + std::to_string(::getpid()) + ".new");
  ::unlink(beside.c_str());
  if (::symlink(target.c_str(), beside.c_str()) != 0) throw_cannot_write(errno, link);
  if (::rename(beside.c_str(), link.c_str()) == 0) return;
  const int error = errno;
  ::unlink(beside.c_str());
  throw_cannot_write(error, link);
}

void HubCache::write_ref(const std::string& repository, const std::string& revision,
                         const std::string& commit) const {
  if (revision == commit) return;
  write_file_atomically(repository_folder(repository) / "refs" / revision, commit);
}

}  // namespace kiloword
