#include "kiloword/batch/row_queue.h"

#include <utility>

namespace kiloword {

void RowQueue::hand_on(const std::string& rows) {
  if (broken_ || rows.empty()) return;
  broken_ = true;  // unless it goes well
  sink_.write(rows);
  broken_ = false;
}

void RowQueue::add(uint64_t sequence, std::string row) {
  if (!row.empty()) row += '\n';
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!ordered_) return hand_on(row);
  if (sequence != next_) {
    waiting_bytes_ += row.size();
    waiting_.emplace(sequence, std::move(row));
    return;
  }
  ++next_;
  for (auto first = waiting_.begin(); first != waiting_.end() && first->first == next_; ++next_) {
    row += first->second;
    waiting_bytes_ -= first->second.size();
    first = waiting_.erase(first);
  }
  hand_on(row);
}

void RowQueue::flush() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::string rows;
  for (const auto& [sequence, row] : waiting_) rows += row;
  waiting_.clear();
  waiting_bytes_ = 0;
  hand_on(rows);
}

}  // namespace kiloword
