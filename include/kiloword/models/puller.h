#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "kiloword/models/hub_settings.h"
#include "kiloword/models/registry.h"

namespace kiloword {

/// A summary of a pull before it starts.
struct PullPlan {
  std::string repository;
  std::string revision;
  std::string commit;
  std::string license;  ///< empty: unknown
  uint64_t total_bytes = 0;
  uint64_t missing_bytes = 0;  ///< to be downloaded; the rest is cached
  size_t files = 0;
};

/// Progress of a pull, over all its files.
struct PullState {
  std::string file;            ///< the file being downloaded
  uint64_t done_bytes = 0;     ///< of `total_bytes`
  uint64_t fetched_bytes = 0;  ///< downloaded by this pull
  uint64_t total_bytes = 0;
};

/// Receives the progress of a pull; every function is optional.
class PullObserver {
 public:
  virtual ~PullObserver() = default;
  /// Called before the first large download.
  virtual void planned(const PullPlan& /*plan*/) {}
  virtual void progress(const PullState& /*state*/) {}
  /// Another program is downloading `file`; the pull waits for it.
  virtual void waiting(const std::string& /*file*/) {}
  /// `why` describes a failure, which is retried after `wait`.
  virtual void retrying(const std::string& /*why*/, std::chrono::milliseconds /*wait*/) {}
};

/// Parameters for tests; production code uses the defaults.
struct PullOptions {
  int attempts = 6;                            ///< consecutive attempts without progress
  std::chrono::milliseconds first_wait{1000};  ///< doubled after every attempt
  std::chrono::milliseconds longest_asked_wait{120000};
  std::chrono::milliseconds stall_time{30000};
  std::function<bool()> stop;  ///< whether to stop; empty: interrupt_requested()
  /// Free bytes on the file system of a folder; empty: as the system reports it.
  std::function<uint64_t(const std::filesystem::path& folder)> free_bytes;
};

struct PullResult {
  std::filesystem::path folder;  ///< the snapshot
  uint64_t fetched_bytes = 0;
  /// Whether the user stopped it: received bytes are kept for the next pull, and no file is visible.
  bool stopped = false;
};

/// Downloads whatever the Hugging Face cache lacks of `model`. Links and the ref are written once all files
/// are complete and verified. Throws Error(kModel) for any failure of the network or a server, Error(kOutput)
/// for the disk.
PullResult pull_model(const HubModel& model, const HubSettings& settings, PullObserver& observer,
                      const PullOptions& options = {});

}  // namespace kiloword
