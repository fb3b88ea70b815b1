#include "serve/connection_threads.h"

namespace kiloword {

bool ConnectionThreads::serve(int socket) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (idle_ <= waiting_.size()) {
    if (threads_.size() >= most_) return false;
    threads_.emplace_back([this] { work(); });
    ++idle_;
  }
  waiting_.push_back(socket);
  changed_.notify_one();
  return true;
}

void ConnectionThreads::work() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const int socket = waiting_.front();
    waiting_.pop_front();
    --idle_;
    lock.unlock();
    serve_(socket);
    lock.lock();
    ++idle_;
  }
}

void ConnectionThreads::finish() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace kiloword
