#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <vector>

#include "kiloword/pipeline/prepared_image.h"

namespace kiloword {

/// An image in an EncodeQueue. Users derive from it to add their own data.
struct EncodeTask {
  EncodeTask() = default;
  EncodeTask(const EncodeTask&) = delete;
  EncodeTask& operator=(const EncodeTask&) = delete;
  virtual ~EncodeTask() = default;

  std::string path;  ///< its name in messages
  /// Reads and decodes the image, on a worker. Must own its data, since the queue may abandon the task while
  /// it runs.
  std::function<PreparedImage(const ReserveMemory&)> prepare;
  size_t held_bytes = 0;  ///< held by `prepare`
  bool encoded = true;    ///< false: finished alone, right after it is prepared

  // Set by the queue.
  uint64_t sequence = 0;  ///< 0, 1, 2 ... in the order of add()
  PreparedImage image;
  std::exception_ptr failure;  ///< the exception thrown by `prepare`
  std::chrono::steady_clock::time_point started;
  uint64_t reserved_bytes = 0;
};

struct EncodeQueueOptions {
  int workers = 1;             ///< threads that prepare and finish
  int calls = 0;               ///< concurrent calls of `finish` that encode; 0: no limit
  size_t images_per_call = 8;  ///< at most
  /// Budget for the pixels of all images being decoded; an image that exceeds it is decoded alone. 0: half of
  /// the available memory.
  uint64_t memory_bytes = 0;
  /// Whether the waiting task `sequence` may start; empty: always. Called again after each `finish`.
  std::function<bool(uint64_t sequence)> may_start;
};

/// The queue through which every command's images pass: waiting, preparing, prepared, finishing. All workers
/// do the same: finish a batch of prepared images if it is full or nothing is left to prepare, else prepare
/// one image. So no core waits for another, and memory is bounded whichever step is slower. An image whose
/// decoding would exceed the memory budget waits until others release theirs. Images with an error are
/// finished alone, immediately. Thread-safe.
class EncodeQueue {
 public:
  using TaskPointer = std::shared_ptr<EncodeTask>;
  /// Encodes the images of tasks and uses the results; called from several workers concurrently. An exception
  /// from it ends the queue.
  using Finish = std::function<void(const std::vector<TaskPointer>& tasks)>;

  /// Starts the workers. Throws Error(kInternal) if no threads can be started.
  EncodeQueue(EncodeQueueOptions options, Finish finish);
  EncodeQueue(const EncodeQueue&) = delete;
  EncodeQueue& operator=(const EncodeQueue&) = delete;
  /// Starts nothing further and waits for the workers, unless leave() was called.
  ~EncodeQueue();

  /// Adds a task, waiting for room. Returns false if the queue takes no more tasks.
  bool add(TaskPointer task);
  /// The same without waiting: returns false if `capacity` tasks are already in progress.
  bool try_add(TaskPointer task, size_t capacity);
  /// Declares that no more tasks will be added.
  void end();
  /// Drops waiting tasks and takes no new ones; started ones are finished.
  void drain();
  /// Ends the queue with `failure`: nothing further is started.
  void fail(std::exception_ptr failure);

  /// Abandons tasks that have been in preparation for longer than `timeout`: each is finished with an error,
  /// and its thread is replaced. The queue fails if too many hang at the same time.
  void give_up_slow(std::chrono::steady_clock::duration timeout);
  /// Waits until the queue has ended and all tasks are finished, at most for `duration`. Returns whether they
  /// are.
  bool wait_for_end(std::chrono::milliseconds duration);
  /// Waits briefly for threads that should be about to end. Returns false if some hang; they are left
  /// running, using only data that `prepare` owns.
  bool leave();

  std::exception_ptr failure() const;
  /// Number of tasks waiting or being processed.
  size_t in_progress() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace kiloword
