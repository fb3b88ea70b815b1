#include "batch/work_pool.h"

#include <algorithm>
#include <utility>

namespace kiloword {
namespace {

// How far the listing may run ahead.
constexpr size_t kMaxWaiting = 1024;
constexpr size_t kMaxWaitingBytes = 64 << 20;

size_t held_bytes(const BatchInput& input) {
  return input.bytes ? input.bytes->size() : 0;
}

}  // namespace

bool WorkPool::add(BatchInput input) {
  auto task = std::make_shared<BatchTask>();
  task->input = std::move(input);
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] {
    return draining_ || waiting_.empty() ||
           (waiting_.size() < kMaxWaiting && waiting_bytes_ < kMaxWaitingBytes);
  });
  if (draining_) return false;
  task->sequence = listed_++;
  waiting_bytes_ += held_bytes(task->input);
  waiting_.push_back(std::move(task));
  changed_.notify_all();
  return true;
}

void WorkPool::end_listing() {
  const std::lock_guard<std::mutex> lock(mutex_);
  listing_ended_ = true;
  changed_.notify_all();
}

bool WorkPool::ended() const {
  if (failure_) return finishing_ == 0;
  return (listing_ended_ || draining_) && waiting_.empty() && preparing_.empty() && prepared_.empty() &&
         finishing_ == 0;
}

bool WorkPool::may_finish() const {
  if (failure_ || prepared_.empty()) return false;
  return prepared_.size() >= images_per_call_ || !may_prepare();
}

bool WorkPool::may_prepare() const {
  return !failure_ && !waiting_.empty() && may_start_(waiting_.front()->sequence);
}

Assignment WorkPool::next() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return failure_ || ended() || may_finish() || may_prepare(); });
  Assignment assignment;
  if (may_finish()) {
    const size_t count = std::min(images_per_call_, prepared_.size());
    assignment.finish.assign(prepared_.begin(), prepared_.begin() + static_cast<std::ptrdiff_t>(count));
    prepared_.erase(prepared_.begin(), prepared_.begin() + static_cast<std::ptrdiff_t>(count));
    finishing_ += count;
  } else if (may_prepare()) {
    assignment.prepare = waiting_.front();
    assignment.prepare->started = std::chrono::steady_clock::now();
    waiting_.pop_front();
    waiting_bytes_ -= held_bytes(assignment.prepare->input);
    preparing_.push_back(assignment.prepare);
  }
  changed_.notify_all();
  return assignment;
}

bool WorkPool::prepared(const BatchTaskPointer& task, PreparedImage image) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto position = std::find(preparing_.begin(), preparing_.end(), task);
  if (position == preparing_.end()) return false;
  preparing_.erase(position);
  task->image = std::move(image);
  task->input.bytes.reset();
  prepared_.push_back(task);
  changed_.notify_all();
  return true;
}

void WorkPool::finished(size_t tasks) {
  const std::lock_guard<std::mutex> lock(mutex_);
  finishing_ -= tasks;
  changed_.notify_all();
}

void WorkPool::drain() {
  const std::lock_guard<std::mutex> lock(mutex_);
  draining_ = true;
  waiting_.clear();
  changed_.notify_all();
}

void WorkPool::fail(std::exception_ptr failure) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!failure_) failure_ = std::move(failure);
  draining_ = true;
  waiting_.clear();
  prepared_.clear();
  changed_.notify_all();
}

std::vector<BatchTaskPointer> WorkPool::give_up(std::chrono::steady_clock::time_point time) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<BatchTaskPointer> given_up;
  for (auto task = preparing_.begin(); task != preparing_.end();) {
    if ((*task)->started < time) {
      given_up.push_back(*task);
      task = preparing_.erase(task);
      ++finishing_;  // until its error row is written
    } else {
      ++task;
    }
  }
  return given_up;
}

bool WorkPool::wait_for_end(std::chrono::milliseconds duration) {
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, duration, [&] { return ended(); });
}

std::exception_ptr WorkPool::failure() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return failure_;
}

}  // namespace kiloword
