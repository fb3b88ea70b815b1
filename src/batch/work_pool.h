#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "kiloword/batch/batch_input.h"
#include "kiloword/pipeline/prepared_image.h"

namespace kiloword {

/// An input on its way, with its place in the output.
struct BatchTask {
  uint64_t sequence = 0;
  BatchInput input;
  std::chrono::steady_clock::time_point started;
  PreparedImage image;
};
using BatchTaskPointer = std::shared_ptr<BatchTask>;

/// What a worker is to do next: prepare one input, or finish a batch of prepared ones; nothing at the end.
struct Assignment {
  BatchTaskPointer prepare;
  std::vector<BatchTaskPointer> finish;

  bool empty() const { return !prepare && finish.empty(); }
};

/// The inputs of a run between listing and row: waiting, being prepared, prepared, being finished. Every
/// method may be called from any thread.
class WorkPool {
 public:
  /// `may_start` says whether a task may be taken from the waiting ones; it is asked again after finished().
  WorkPool(size_t images_per_call, std::function<bool(uint64_t sequence)> may_start)
      : images_per_call_(images_per_call), may_start_(std::move(may_start)) {}

  // Of the listing.
  /// Waits for room. Returns false when nothing more is wanted.
  bool add(BatchInput input);
  void end_listing();

  // Of the workers.
  /// Waits for something to do.
  Assignment next();
  /// The task is prepared. Returns false when it took too long and was given up: its worker has been
  /// replaced.
  bool prepared(const BatchTaskPointer& task, PreparedImage image);
  void finished(size_t tasks);

  // Of the supervisor.
  /// No further input is taken; what has begun is finished.
  void drain();
  /// Nothing further is begun at all.
  void fail(std::exception_ptr failure);
  /// Takes the tasks out that have been in preparation since before `time`.
  std::vector<BatchTaskPointer> give_up(std::chrono::steady_clock::time_point time);
  /// Waits until the run has ended, or for `duration`. Returns whether it has ended.
  bool wait_for_end(std::chrono::milliseconds duration);
  std::exception_ptr failure() const;

 private:
  bool ended() const;
  bool may_finish() const;
  bool may_prepare() const;

  size_t images_per_call_;
  std::function<bool(uint64_t)> may_start_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<BatchTaskPointer> waiting_;
  size_t waiting_bytes_ = 0;
  std::list<BatchTaskPointer> preparing_;
  std::deque<BatchTaskPointer> prepared_;
  size_t finishing_ = 0;
  uint64_t listed_ = 0;
  bool listing_ended_ = false;
  bool draining_ = false;
  std::exception_ptr failure_;
};

}  // namespace kiloword
