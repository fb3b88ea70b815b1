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

/// What a pull is about to do.
struct PullPlan {
  std::string repository;
  std::string revision;
  std::string commit;
  std::string license;  ///< empty: not known here
  uint64_t total_bytes = 0;
  uint64_t missing_bytes = 0;  ///< to be fetched; the rest is in the cache
  size_t files = 0;
};

/// How far a pull is, over all of its files.
struct PullState {
  std::string file;            ///< the one that is being fetched
  uint64_t done_bytes = 0;     ///< of `total_bytes`
  uint64_t fetched_bytes = 0;  ///< by this pull
  uint64_t total_bytes = 0;
};

/// Receives the progress of a pull; every function may be left empty.
class PullObserver {
 public:
  virtual ~PullObserver() = default;
  /// Before the first large transfer.
  virtual void planned(const PullPlan& /*plan*/) {}
  virtual void progress(const PullState& /*state*/) {}
  /// Another program is fetching `file`; the pull waits for it.
  virtual void waiting(const std::string& /*file*/) {}
  /// `why` failed, and is retried after `wait`.
  virtual void retrying(const std::string& /*why*/, std::chrono::milliseconds /*wait*/) {}
};

/// Times and places that tests set; the defaults are for use.
struct PullOptions {
  int attempts = 6;                            ///< in a row without progress
  std::chrono::milliseconds first_wait{1000};  ///< doubled with every attempt
  std::chrono::milliseconds longest_asked_wait{120000};
  std::chrono::milliseconds stall_time{30000};
  std::function<bool()> stop;  ///< whether the user wants no more; empty: interrupt_requested()
  /// Bytes that are free on the disk of a folder; empty: the system's value.
  std::function<uint64_t(const std::filesystem::path& folder)> free_bytes;
};

struct PullResult {
  std::filesystem::path folder;  ///< the snapshot
  uint64_t fetched_bytes = 0;
  bool stopped = false;  ///< by the user: received bytes stay for the next time, and no file is visible
};

/// Makes `model` present in the Hugging Face cache. Nothing is fetched twice; links and the reference to the
/// revision are written when all files are there and checked. Throws Error(kModel) for whatever the network
/// or a server does, Error(kOutput) for the disk.
PullResult pull_model(const HubModel& model, const HubSettings& settings, PullObserver& observer,
                      const PullOptions& options = {});

}  // namespace kiloword
