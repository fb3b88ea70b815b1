#include "kiloword/batch/batch_run.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "kiloword/base/thread_error.h"
#include "kiloword/pipeline/encode_queue.h"

namespace kiloword {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kTick = std::chrono::milliseconds(50);
/// Rows that may wait for a slow one before them.
constexpr size_t kMaxWaitingRowBytes = 16 << 20;
/// How long threads are waited for that should be about to end.
constexpr auto kPatience = std::chrono::seconds(1);

/// An input on its way; what `prepare` reads is its own.
struct BatchTask : EncodeTask {
  BatchInput input;  ///< without its content
};

/// All that the threads of a run share. A listing that hangs keeps it alive.
struct Run {
  Run(std::shared_ptr<InputSource> inputs, BatchWork what, RowQueue& row_queue)
      : source(std::move(inputs)), work(std::move(what)), rows(row_queue) {}

  std::shared_ptr<InputSource> source;
  BatchWork work;
  RowQueue& rows;  // not touched by threads that were given up
  std::unique_ptr<EncodeQueue> queue;
  std::atomic<uint64_t> done{0};
  std::atomic<uint64_t> failed{0};

  std::mutex mutex;
  std::condition_variable changed;
  bool listing_ended = true;
};
using RunPointer = std::shared_ptr<Run>;

std::shared_ptr<BatchTask> make_task(const BatchWork& work, BatchInput input) {
  auto task = std::make_shared<BatchTask>();
  task->path = input.path;
  task->held_bytes = input.bytes ? input.bytes->size() : 0;
  task->input.path = input.path;
  task->input.error = input.error;
  task->input.index = input.index;
  task->input.listed_file = input.listed_file;
  task->input.stamp = input.stamp;
  task->input.archive_member = input.archive_member;
  task->input.key = input.key;
  task->prepare = [prepare = work.prepare, input = std::move(input)](const ReserveMemory& reserve) {
    return prepare(input, reserve);
  };
  return task;
}

void list_inputs(Run& run) {
  try {
    while (auto input = run.source->next()) {
      if (!run.queue->add(make_task(run.work, std::move(*input)))) break;
    }
  } catch (...) {
    run.queue->fail(std::current_exception());
  }
  run.queue->end();
}

/// Starts the thread that lists the inputs, which may be left behind.
std::thread start_listing(const RunPointer& run) {
  const std::lock_guard<std::mutex> lock(run->mutex);
  std::thread thread;
  try {
    thread = std::thread([run] {
      list_inputs(*run);
      const std::lock_guard<std::mutex> ended_lock(run->mutex);
      run->listing_ended = true;
      run->changed.notify_all();
    });
  } catch (const std::system_error& failure) {
    throw thread_error(failure);
  }
  run->listing_ended = false;  // the lock keeps the new thread from ending before
  return thread;
}

void finish(Run& run, const std::vector<EncodeQueue::TaskPointer>& tasks) {
  std::vector<BatchInput> inputs;
  std::vector<PreparedImage> images;
  inputs.reserve(tasks.size());
  images.reserve(tasks.size());
  for (const EncodeQueue::TaskPointer& task : tasks) {
    if (task->failure) std::rethrow_exception(task->failure);
    inputs.push_back(std::move(static_cast<BatchTask&>(*task).input));
    images.push_back(std::move(task->image));
  }
  std::vector<MadeRow> rows = run.work.finish(inputs, std::move(images));
  for (size_t i = 0; i < rows.size(); ++i) {
    run.rows.add(tasks[i]->sequence, std::move(rows[i].row));
    ++run.done;
    if (rows[i].failed) ++run.failed;
  }
}

EncodeQueueOptions queue_options(Run& run, const BatchRunOptions& options) {
  EncodeQueueOptions queue;
  queue.workers = options.workers;
  queue.images_per_call = options.images_per_call;
  queue.memory_bytes = options.memory_bytes;
  queue.may_start = [&run](uint64_t sequence) {
    return run.rows.waiting_bytes() < kMaxWaitingRowBytes || sequence == run.rows.next_sequence();
  };
  return queue;
}

/// Waits for the end of the thread that lists the inputs, or leaves it behind; returns whether it has ended.
bool leave_listing(Run& run, std::thread& listing) {
  std::unique_lock<std::mutex> lock(run.mutex);
  const bool ended = run.changed.wait_for(lock, kPatience, [&] { return run.listing_ended; });
  lock.unlock();
  if (listing.joinable()) ended ? listing.join() : listing.detach();
  return ended;
}

/// Waits for the end of the run; returns whether it was asked to stop before.
bool supervise(Run& run, const BatchRunOptions& options) {
  using Seconds = std::chrono::duration<double>;
  const auto timeout = std::chrono::duration_cast<Clock::duration>(Seconds(options.timeout_s));
  bool stopped = false;
  while (!run.queue->wait_for_end(kTick)) {
    if (!stopped && options.stop && options.stop()) {
      stopped = true;
      run.queue->drain();
    }
    if (options.timeout_s > 0) run.queue->give_up_slow(timeout);
    if (options.progress) options.progress(run.done, run.failed);
  }
  return stopped;
}

}  // namespace

BatchRunResult run_batch(std::shared_ptr<InputSource> source, BatchWork work, RowQueue& rows,
                         const BatchRunOptions& options) {
  const auto run = std::make_shared<Run>(std::move(source), std::move(work), rows);
  BatchRunResult result;
  std::thread listing;
  try {
    run->queue = std::make_unique<EncodeQueue>(
        queue_options(*run, options),
        [&run = *run](const std::vector<EncodeQueue::TaskPointer>& tasks) { finish(run, tasks); });
    listing = start_listing(run);
    result.stopped = supervise(*run, options);
    result.failure = run->queue->failure();
  } catch (...) {
    result.failure = std::current_exception();
  }
  try {
    rows.flush();
  } catch (...) {
    if (!result.failure) result.failure = std::current_exception();
  }
  const bool workers_ended = !run->queue || run->queue->leave();
  result.threads_left = !(leave_listing(*run, listing) && workers_ended);
  result.done = run->done;
  result.failed = run->failed;
  if (options.progress) options.progress(result.done, result.failed);
  return result;
}

}  // namespace kiloword
