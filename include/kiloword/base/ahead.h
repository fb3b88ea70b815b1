#pragma once

#include <deque>
#include <future>
#include <string>
#include <utility>
#include <vector>

namespace kiloword {

/// Hands make(item) to `use` for every one of `items`, in their order and on the calling thread, while other
/// threads make the next `window` ones. `make` must throw nothing; an exception of `use` ends the run once
/// begun calls are done.
template <typename Make, typename Use>
void for_each_made_ahead(const std::vector<std::string>& items, size_t window, Make make, Use use) {
  using Made = decltype(make(items.front()));
  std::deque<std::future<Made>> ahead;  // a future of std::async waits for its task when it goes
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
