#include "kiloword/models/puller.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <system_error>

#include "kiloword/base/error.h"
#include "kiloword/base/interrupt.h"
#include "kiloword/models/hub_cache.h"
#include "kiloword/models/hub_names.h"
#include "models/blob_download.h"
#include "models/file_lists.h"
#include "models/hub_client.h"
#include "models/pull_planner.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

uint64_t free_bytes_of(const fs::path& folder) {
  struct statvfs status {};
  if (::statvfs(folder.c_str(), &status) != 0) return UINT64_MAX;  // whoever writes will see
  return static_cast<uint64_t>(status.f_bavail) * status.f_frsize;
}

std::string megabytes(uint64_t bytes) {
  return std::to_string((bytes + 999999) / 1000000) + " MB";
}

void require_space(uint64_t needed, const fs::path& cache, const PullOptions& options) {
  std::error_code ignored;
  fs::path existing = fs::absolute(cache, ignored);
  while (!fs::exists(existing, ignored) && existing.has_relative_path()) existing = existing.parent_path();
  const uint64_t free = options.free_bytes ? options.free_bytes(existing) : free_bytes_of(existing);
  if (needed <= free) return;
  throw Error(ErrorKind::kOutput,
              "not enough space: " + megabytes(needed) + " are needed, " + megabytes(free) + " free",
              cache.string(), "free some, or set HF_HUB_CACHE to a folder on another disk");
}

HubClient make_client(const HubSettings& settings, PullObserver& observer, const PullOptions& options,
                      const std::function<bool()>& stop) {
  TransferLimits limits;
  limits.stall = options.stall_time;
  RetryPolicy policy;
  policy.attempts = options.attempts;
  policy.first_wait = options.first_wait;
  policy.longest_asked_wait = options.longest_asked_wait;
  return {settings, limits, policy, stop, [&observer](const Error& error, std::chrono::milliseconds wait) {
            observer.retrying(error.message() + ", " + error.where(), wait);
          }};
}

/// What is fetched for a model; says so and fetches it.
class Pull {
 public:
  Pull(const HubModel& model, const HubCache& cache, PullObserver& observer, const PullOptions& options,
       HubClient& client)
      : model_(model), cache_(cache), observer_(observer), options_(options), client_(client) {}

  PullResult run() {
    PullPlanner planner(model_, cache_, client_, [this](const BlobTask& task) { fetch(task); });
    const std::vector<BlobTask> tasks = planner.plan();
    const std::string& commit = tasks.front().facts.commit;
    announce(tasks, commit);
    for (const BlobTask& task : tasks) {
      fetch(task);
      state_.done_bytes += task.facts.size_bytes;
    }
    for (const BlobTask& task : tasks) {
      cache_.link_file(model_.repository, commit, task.file, task.facts.blob_name);
    }
    cache_.write_ref(model_.repository, model_.revision, commit);
    return {cache_.snapshot(model_.repository, commit), state_.fetched_bytes, /*stopped=*/false};
  }

 private:
  void announce(const std::vector<BlobTask>& tasks, const std::string& commit) {
    PullPlan plan{model_.repository, model_.revision, commit, model_.license, 0, 0, tasks.size()};
    for (const BlobTask& task : tasks) {
      plan.total_bytes += task.facts.size_bytes;
      plan.missing_bytes += task.facts.size_bytes - bytes_here(cache_, task);
    }
    state_.total_bytes = plan.total_bytes;
    observer_.planned(plan);
    require_space(plan.missing_bytes, cache_.folder(), options_);
  }

  void fetch(const BlobTask& task) {
    PullState state = state_;
    state.file = task.file;
    BlobHooks hooks;
    hooks.waiting = [&] { observer_.waiting(task.file); };
    hooks.progress = [&](uint64_t bytes, uint64_t kept) {
      state.done_bytes = state_.done_bytes + bytes;
      state.fetched_bytes = state_.fetched_bytes + bytes - kept;
      if (state_.total_bytes > 0) observer_.progress(state);
    };
    download_blob(task, client_, cache_, hooks);
    state_.fetched_bytes = state.fetched_bytes;
  }

  const HubModel& model_;
  const HubCache& cache_;
  PullObserver& observer_;
  const PullOptions& options_;
  HubClient& client_;
  PullState state_;
};

}  // namespace

PullResult pull_model(const HubModel& model, const HubSettings& settings, PullObserver& observer,
                      const PullOptions& options) {
  if (settings.cache_folder.empty()) {
    throw Error(ErrorKind::kOutput, "no folder for models is set", "",
                "set HF_HUB_CACHE, HF_HOME or HOME to a folder");
  }
  const HubCache cache(settings.cache_folder);
  // Nothing can be newer than a commit; and what is here under a former name need not come twice.
  const std::optional<fs::path> snapshot = cache.find_snapshot(model);
  if (snapshot && (settings.offline || is_commit(model.revision) ||
                   snapshot->parent_path().parent_path() != cache.repository_folder(model.repository))) {
    return {*snapshot, 0, /*stopped=*/false};
  }
  if (settings.offline) {
    throw Error(ErrorKind::kModel,
                "model '" + model.name + "' is not on this machine, and HF_HUB_OFFLINE is set", "",
                "unset HF_HUB_OFFLINE and pull again");
  }
  const std::function<bool()> stop = options.stop ? options.stop : interrupt_requested;
  HubClient client = make_client(settings, observer, options, stop);
  try {
    return Pull(model, cache, observer, options, client).run();
  } catch (const PullStopped&) {
    return {"", 0, /*stopped=*/true};
  }
}

}  // namespace kiloword
