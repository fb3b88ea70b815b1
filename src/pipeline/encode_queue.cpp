#include "kiloword/pipeline/encode_queue.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <limits>
#include <list>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/memory.h"
#include "kiloword/base/thread_error.h"

namespace kiloword {
namespace {

using Clock = std::chrono::steady_clock;
using TaskPointer = EncodeQueue::TaskPointer;

// How far those that add may run ahead.
constexpr size_t kMaxWaiting = 1024;
constexpr size_t kMaxWaitingBytes = 64 << 20;
/// Inputs that may hang at the same time before the run is given up: something is wrong with the file system.
constexpr int kMaxGivenUp = 256;
/// How long threads are waited for that should be about to end.
constexpr auto kPatience = std::chrono::seconds(1);

uint64_t memory_budget(uint64_t asked_for) {
  if (asked_for > 0) return asked_for;
  const uint64_t half = available_memory_bytes() / 2;
  return half > 0 ? half : std::numeric_limits<uint64_t>::max();
}

/// What a worker is to do next: prepare one task, or finish a batch of prepared ones; nothing at the end.
struct Assignment {
  TaskPointer to_prepare;
  std::vector<TaskPointer> to_finish;

  bool empty() const { return !to_prepare && to_finish.empty(); }
};

}  // namespace

/// All that the threads share. One that hangs keeps it alive.
struct EncodeQueue::State {
  State(EncodeQueueOptions how, Finish what)
      : options(std::move(how)),
        finish_batch(std::move(what)),
        memory_bytes(memory_budget(options.memory_bytes)) {
    if (options.calls <= 0) options.calls = std::max(options.workers, 1);
  }

  // The caller holds the mutex.
  bool ended() const {
    if (failed()) return finishing == 0;
    return (no_more || draining) && waiting.empty() && preparing.empty() && prepared.empty() &&
           finishing == 0;
  }
  bool failed() const { return failure != nullptr; }
  bool may_prepare() const {
    return !failed() && !waiting.empty() &&
           (!options.may_start || options.may_start(waiting.front()->sequence));
  }
  bool may_finish() const {
    if (failed() || prepared.empty() || calls >= options.calls) return false;
    return prepared.size() >= options.images_per_call || !may_prepare();
  }
  /// The last images are shared out among the workers.
  size_t images_of_next_call() const {
    const int callers = std::min(options.calls, std::max(options.workers, 1));
    const auto idle = static_cast<size_t>(std::max(callers - calls, 1));
    const bool are_last = no_more && waiting.empty();
    const size_t remaining = prepared.size() + preparing.size();
    const size_t share = are_last ? (remaining + idle - 1) / idle : prepared.size();
    return std::min({options.images_per_call, share, prepared.size()});
  }
  bool has_room() const {
    return waiting.empty() || (waiting.size() < kMaxWaiting && waiting_bytes < kMaxWaitingBytes);
  }
  void push(TaskPointer task) {
    task->sequence = added++;
    waiting_bytes += task->held_bytes;
    waiting.push_back(std::move(task));
    changed.notify_all();
  }
  void release_memory(EncodeTask& task) {
    reserved_bytes -= task.reserved_bytes;
    task.reserved_bytes = 0;
  }

  /// Starts a thread that may be left behind. Throws Error(kInternal) where there can be none.
  static void start_worker(const std::shared_ptr<State>& state);
  void work();
  Assignment next();
  /// Returns false when the task was given up meanwhile: another thread has taken this one's place.
  bool prepare(const TaskPointer& task);
  void finish(const std::vector<TaskPointer>& tasks, bool is_call);
  void reserve(const TaskPointer& task, uint64_t bytes);
  void fail(std::exception_ptr reason);

  EncodeQueueOptions options;
  Finish finish_batch;
  uint64_t memory_bytes;

  mutable std::mutex mutex;
  std::condition_variable changed;
  std::deque<TaskPointer> waiting;
  size_t waiting_bytes = 0;
  std::list<TaskPointer> preparing;
  std::deque<TaskPointer> prepared;
  size_t finishing = 0;
  int calls = 0;
  uint64_t reserved_bytes = 0;
  uint64_t added = 0;
  bool no_more = false;
  bool draining = false;
  bool left = false;
  std::exception_ptr failure;

  std::atomic<int> given_up{0};
  int threads = 0;                   ///< that work
  std::vector<std::thread> handles;  ///< of all that were started
};

void EncodeQueue::State::start_worker(const std::shared_ptr<State>& state) {
  const std::lock_guard<std::mutex> lock(state->mutex);
  try {
    state->handles.emplace_back([state] {
      state->work();
      const std::lock_guard<std::mutex> ended_lock(state->mutex);
      --state->threads;
      state->changed.notify_all();
    });
  } catch (const std::system_error& failed_start) {
    throw thread_error(failed_start);
  }
  ++state->threads;  // the lock keeps the new thread from ending before
}

void EncodeQueue::State::work() {
  for (Assignment assignment = next(); !assignment.empty(); assignment = next()) {
    if (!assignment.to_prepare) {
      finish(assignment.to_finish, true);
    } else if (!prepare(assignment.to_prepare)) {
      return;
    }
  }
}

Assignment EncodeQueue::State::next() {
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait(lock, [&] { return failed() || ended() || may_finish() || may_prepare(); });
  Assignment assignment;
  if (may_finish()) {
    const size_t count = images_of_next_call();
    assignment.to_finish.assign(prepared.begin(), prepared.begin() + static_cast<std::ptrdiff_t>(count));
    prepared.erase(prepared.begin(), prepared.begin() + static_cast<std::ptrdiff_t>(count));
    finishing += count;
    ++calls;
  } else if (may_prepare()) {
    assignment.to_prepare = waiting.front();
    assignment.to_prepare->started = Clock::now();
    waiting.pop_front();
    waiting_bytes -= assignment.to_prepare->held_bytes;
    preparing.push_back(assignment.to_prepare);
  }
  changed.notify_all();
  return assignment;
}

void EncodeQueue::State::reserve(const TaskPointer& task, uint64_t bytes) {
  std::unique_lock<std::mutex> lock(mutex);
  const auto is_given_up = [&] {
    return std::find(preparing.begin(), preparing.end(), task) == preparing.end();
  };
  if (is_given_up()) return;                 // its share is gone
  task->started = Clock::time_point::max();  // waiting is not its fault
  changed.wait(lock, [&] {
    return reserved_bytes == 0 || (bytes <= memory_bytes && reserved_bytes <= memory_bytes - bytes);
  });
  task->started = Clock::now();
  task->reserved_bytes += bytes;
  reserved_bytes += bytes;
}

bool EncodeQueue::State::prepare(const TaskPointer& task) {
  const auto own = std::move(task->prepare);  // stays this thread's if the task is given up
  PreparedImage image;
  std::exception_ptr thrown;
  try {
    image = own([&](uint64_t bytes) { reserve(task, bytes); });
  } catch (...) {
    thrown = std::current_exception();
  }
  {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto position = std::find(preparing.begin(), preparing.end(), task);
    if (position == preparing.end()) {
      --given_up;
      return false;
    }
    preparing.erase(position);
    release_memory(*task);
    task->image = std::move(image);
    task->failure = thrown;
    const bool is_ready = !thrown && !task->image.error && task->encoded;
    if (is_ready) {
      prepared.push_back(task);
    } else {
      ++finishing;
    }
    changed.notify_all();
    if (is_ready) return true;
  }
  finish({task}, false);
  return true;
}

void EncodeQueue::State::finish(const std::vector<TaskPointer>& tasks, bool is_call) {
  try {
    finish_batch(tasks);
  } catch (...) {
    fail(std::current_exception());
  }
  const std::lock_guard<std::mutex> lock(mutex);
  finishing -= tasks.size();
  if (is_call) --calls;
  changed.notify_all();
}

void EncodeQueue::State::fail(std::exception_ptr reason) {
  const std::lock_guard<std::mutex> lock(mutex);
  if (!failure) failure = std::move(reason);
  draining = true;
  waiting.clear();
  prepared.clear();
  changed.notify_all();
}

EncodeQueue::EncodeQueue(EncodeQueueOptions options, Finish finish)
    : state_(std::make_shared<State>(std::move(options), std::move(finish))) {
  try {
    for (int i = 0; i < std::max(state_->options.workers, 1); ++i) State::start_worker(state_);
  } catch (...) {
    state_->fail(std::current_exception());
    throw;
  }
}

EncodeQueue::~EncodeQueue() {
  drain();
  std::unique_lock<std::mutex> lock(state_->mutex);
  if (state_->left) return;
  state_->changed.wait(lock, [&] { return state_->threads == 0; });
  std::vector<std::thread> handles = std::move(state_->handles);
  lock.unlock();
  for (std::thread& thread : handles) thread.join();
}

bool EncodeQueue::add(TaskPointer task) {
  std::unique_lock<std::mutex> lock(state_->mutex);
  state_->changed.wait(lock, [&] { return state_->draining || state_->has_room(); });
  if (state_->draining) return false;
  state_->push(std::move(task));
  return true;
}

bool EncodeQueue::try_add(TaskPointer task, size_t capacity) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  const size_t in_progress =
      state_->waiting.size() + state_->preparing.size() + state_->prepared.size() + state_->finishing;
  if (state_->draining || in_progress >= capacity) return false;
  state_->push(std::move(task));
  return true;
}

void EncodeQueue::end() {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->no_more = true;
  state_->changed.notify_all();
}

void EncodeQueue::drain() {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->draining = true;
  state_->waiting.clear();
  state_->waiting_bytes = 0;
  state_->changed.notify_all();
}

void EncodeQueue::fail(std::exception_ptr failure) {
  state_->fail(std::move(failure));
}

void EncodeQueue::give_up_slow(Clock::duration timeout) {
  std::vector<TaskPointer> slow;
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    const Clock::time_point now = Clock::now();
    for (auto task = state_->preparing.begin(); task != state_->preparing.end();) {
      const bool is_slow = (*task)->started < now - timeout;
      if (is_slow) {
        slow.push_back(*task);
        state_->release_memory(**task);
        ++state_->finishing;  // until it is finished below
        ++state_->given_up;
      }
      task = is_slow ? state_->preparing.erase(task) : std::next(task);
    }
    state_->changed.notify_all();
  }
  for (const TaskPointer& task : slow) {
    try {
      State::start_worker(state_);
    } catch (...) {
      state_->fail(std::current_exception());
    }
    if (state_->given_up > kMaxGivenUp) {
      state_->fail(std::make_exception_ptr(
          Error(ErrorKind::kInput, std::to_string(kMaxGivenUp) + " inputs hang at the same time", task->path,
                "check the file system, then continue with --resume")));
    }
    task->image.path = task->path;
    task->image.error = Error(ErrorKind::kInput, "not read and decoded in time", task->path,
                              "give it more with --timeout-per-file");
    state_->finish({task}, false);
  }
}

bool EncodeQueue::wait_for_end(std::chrono::milliseconds duration) {
  std::unique_lock<std::mutex> lock(state_->mutex);
  return state_->changed.wait_for(lock, duration, [&] { return state_->ended(); });
}

bool EncodeQueue::leave() {
  std::unique_lock<std::mutex> lock(state_->mutex);
  state_->left = true;
  state_->draining = true;
  state_->changed.notify_all();
  const bool ended = state_->changed.wait_for(lock, kPatience, [&] { return state_->threads == 0; });
  std::vector<std::thread> handles = std::move(state_->handles);
  state_->handles.clear();
  lock.unlock();
  // What a library does at the end of a thread must be over before the process ends.
  for (std::thread& thread : handles) ended ? thread.join() : thread.detach();
  return ended;
}

std::exception_ptr EncodeQueue::failure() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  return state_->failure;
}

size_t EncodeQueue::in_progress() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  return state_->waiting.size() + state_->preparing.size() + state_->prepared.size() + state_->finishing;
}

}  // namespace kiloword
