#include "kiloword/base/thread_error.h"

#include <future>
#include <thread>
#include <vector>

namespace kiloword {

void require_threads(int count) {
  std::promise<void> all_started;
  const std::shared_future<void> end = all_started.get_future().share();
  std::vector<std::thread> threads;
  const auto finish = [&] {
    all_started.set_value();
    for (std::thread& thread : threads) thread.join();
  };
  try {
    for (int i = 0; i < count; ++i) threads.emplace_back([end] { end.wait(); });
  } catch (const std::system_error& failure) {
    finish();
    throw thread_error(failure);
  }
  finish();
}

}  // namespace kiloword
