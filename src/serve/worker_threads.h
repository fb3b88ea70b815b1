#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace kiloword {

/// A thread pool that starts threads on demand and keeps them.
class WorkerThreads {
 public:
  explicit WorkerThreads(size_t most) : most_(most) {}
  WorkerThreads(const WorkerThreads&) = delete;
  WorkerThreads& operator=(const WorkerThreads&) = delete;
  ~WorkerThreads() { finish(); }

  enum class Start { kStarted, kAllBusy, kNoThread };

  /// Runs `job`, which must not throw, on an idle or new thread. Returns kAllBusy if all threads are busy and
  /// no more are allowed, kNoThread if the system cannot start another; the job is then not run.
  Start run(std::function<void()> job);

  /// Waits until all jobs are done; run() may not be called afterwards.
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
