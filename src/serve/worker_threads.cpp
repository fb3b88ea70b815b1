#include "serve/worker_threads.h"

#include <system_error>
#include <utility>

namespace kiloword {

WorkerThreads::Start WorkerThreads::run(std::function<void()> job) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (idle_ <= jobs_.size()) {
    if (threads_.size() >= most_) return Start::kAllBusy;
    try {
      threads_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {  // a limit on processes or memory
      return Start::kNoThread;
    }
    ++idle_;
  }
  jobs_.push_back(std::move(job));
  changed_.notify_one();
  return Start::kStarted;
}

void WorkerThreads::work() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    --idle_;
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
    ++idle_;
  }
}

void WorkerThreads::finish() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace kiloword
