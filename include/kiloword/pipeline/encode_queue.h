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

/// An image on its way through an EncodeQueue. Users add what they need in a class of their own.
struct EncodeTask {
  EncodeTask() = default;
  EncodeTask(const EncodeTask&) = delete;
  EncodeTask& operator=(const EncodeTask&) = delete;
  virtual ~EncodeTask() = default;

  std::string path;  ///< its name in messages
  /// Reads and decodes the image, on a worker. The queue may give the task up meanwhile: it owns what it
  /// uses.
  std::function<PreparedImage(const ReserveMemory&)> prepare;
  size_t held_bytes = 0;  ///< that `prepare` holds
  bool encoded = true;    ///< false: it is finished as soon as it is prepared, alone

  // Set by the queue.
  uint64_t sequence = 0;  ///< 0, 1, 2 ... in the order of adding
  PreparedImage image;
  std::exception_ptr failure;  ///< what `prepare` threw
  std::chrono::steady_clock::time_point started;
  uint64_t reserved_bytes = 0;
};

struct EncodeQueueOptions {
  int workers = 1;             ///< threads that prepare and finish
  int calls = 0;               ///< of `finish` with images to encode, at the same time; 0: of every worker
  size_t images_per_call = 8;  ///< at most
  /// For the pixels of all images that are being decoded; one that needs more is decoded alone. 0: half of
  /// what is available.
  uint64_t memory_bytes = 0;
  /// Whether the task of this sequence may be taken from the waiting ones; empty: always. Asked again after
  /// each `finish`.
  std::function<bool(uint64_t sequence)> may_start;
};

/// The way of every image of every command: waiting, being prepared, prepared, being finished. Workers are
/// alike: each takes a batch of prepared images when one is full or nothing is left to prepare, else prepares
/// one, so that no core waits for another and memory is bounded whatever is slower. An image whose decoding
/// would exceed the memory waits until others have let go of theirs. Images with an error are finished alone,
/// at once. Every method may be called from any thread.
class EncodeQueue {
 public:
  using TaskPointer = std::shared_ptr<EncodeTask>;
  /// Encodes the images of tasks and does with them whatever the user wants; called on workers, from several
  /// at the same time. What it throws ends the queue.
  using Finish = std::function<void(const std::vector<TaskPointer>& tasks)>;

  /// Starts the workers. Throws Error(kInternal) where there can be no threads.
  EncodeQueue(EncodeQueueOptions options, Finish finish);
  EncodeQueue(const EncodeQueue&) = delete;
  EncodeQueue& operator=(const EncodeQueue&) = delete;
  /// Begins nothing further and waits for the workers, unless leave() was called.
  ~EncodeQueue();

  /// Waits for room. Returns false when nothing more is wanted.
  bool add(TaskPointer task);
  /// Returns false where `capacity` tasks are in progress already.
  bool try_add(TaskPointer task, size_t capacity);
  /// No further task comes.
  void end();
  /// No further task is taken; begun ones are finished.
  void drain();
  /// Nothing further is begun at all.
  void fail(std::exception_ptr failure);

  /// Gives the tasks up that have been in preparation for longer than `timeout`: each is finished with an
  /// error, and its thread replaced. Too many that hang at the same time are a failure.
  void give_up_slow(std::chrono::steady_clock::duration timeout);
  /// Waits until all tasks are finished and no further one comes, or for `duration`. Returns whether it has
  /// ended.
  bool wait_for_end(std::chrono::milliseconds duration);
  /// Waits a moment for threads that should be about to end. Returns false where some hang: they are left
  /// running, and use data that `prepare` owns.
  bool leave();

  std::exception_ptr failure() const;
  /// Tasks that are waiting or worked on.
  size_t in_progress() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace kiloword
