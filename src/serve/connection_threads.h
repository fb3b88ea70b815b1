#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace kiloword {

/// Threads that each serve one connection at a time, started as they are needed.
class ConnectionThreads {
 public:
  ConnectionThreads(size_t most, std::function<void(int socket)> serve)
      : most_(most), serve_(std::move(serve)) {}
  ConnectionThreads(const ConnectionThreads&) = delete;
  ConnectionThreads& operator=(const ConnectionThreads&) = delete;
  ~ConnectionThreads() { finish(); }

  /// Hands `socket` to a thread; false when all are busy.
  bool serve(int socket);

  /// Waits until every connection has been served.
  void finish();

 private:
  void work();

  size_t most_;
  std::function<void(int)> serve_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<int> waiting_;
  size_t idle_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace kiloword
