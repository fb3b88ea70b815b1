#pragma once

#include <deque>
#include <future>
#include <string>
#include <utility>
#include <vector>

namespace kiloword {

/// Calls `use` with make(item) for each of `items`, in order and on the calling thread, while other threads
/// make the next `window` items. `make` must not throw; an exception from `use` ends the run once the calls
/// already begun are done.
template <typename Make, typename Use>
void for_each_made_ahead(const std::vector<std::string>& items, size_t window, Make make, Use use) {
  using Made = decltype(make(items.front()));
  std::deque<std::future<Made>> ahead;  // destroying a future of std::async waits for its task
  size_t next = 0;
  const auto begin_one = [&] {
    if (next < items.size()) ahead.push_back(std::async(std::launch::async, make, items[next++]));
  };
  for (size_t i = 0; i < window; ++i) begin_one();
  while (!ahead.empty()) {
    Made made = ahead.front().get();
    ahead.pop_front();
    begin_one();  // the threads stay busy while `use` runs
    use(std::move(made));
  }
}

}  // namespace kiloword
