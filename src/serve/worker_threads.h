#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace kiloword {

/// Threads that each run one job at a time, started as they are needed and kept.
class WorkerThreads {
 public:
  explicit WorkerThreads(size_t most) : most_(most) {}
  WorkerThreads(const WorkerThreads&) = delete;
  WorkerThreads& operator=(const WorkerThreads&) = delete;
  ~WorkerThreads() { finish(); }

  enum class Start { kStarted, kAllBusy, kNoThread };

  /// Hands `job`, which throws nothing, to a thread that has nothing else to do. kAllBusy when there are as
  /// many threads as there may be, kNoThread when the system gives no further one; the job is then not run.
  Start run(std::function<void()> job);

  /// Waits until every job is done; nothing may be run from then on.
  void finish();

 private:
  void work();

  size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  size_t idle_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace kiloword
