#include "kiloword/batch/batch_run.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "batch/work_pool.h"
#include "kiloword/base/error.h"
#include "kiloword/base/thread_error.h"

namespace kiloword {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kTick = std::chrono::milliseconds(50);
/// Rows that may wait for a slow one before them.
constexpr size_t kMaxWaitingRowBytes = 16 << 20;
/// Inputs that may hang at the same time before the run is given up: something is wrong with the file system.
constexpr int kMaxGivenUp = 256;
/// How long threads are waited for that should be about to end.
constexpr auto kPatience = std::chrono::seconds(1);

/// All that the threads of a run share. A thread that hangs keeps it alive.
struct Run {
  Run(std::shared_ptr<InputSource> inputs, BatchWork what, RowQueue& row_queue,
      const BatchRunOptions& options)
      : source(std::move(inputs)),
        work(std::move(what)),
        rows(row_queue),
        timeout_s(options.timeout_s),
        pool(options.images_per_call, [this](uint64_t sequence) {
          return rows.waiting_bytes() < kMaxWaitingRowBytes || sequence == rows.next_sequence();
        }) {}

  std::shared_ptr<InputSource> source;
  BatchWork work;
  RowQueue& rows;  // not touched by threads that were given up
  double timeout_s;
  WorkPool pool;
  std::atomic<uint64_t> done{0};
  std::atomic<uint64_t> failed{0};
  std::atomic<int> given_up{0};

  std::mutex threads_mutex;
  std::condition_variable thread_ended;
  int threads = 0;
};
using RunPointer = std::shared_ptr<Run>;

/// Starts a thread of the run, which may be left behind. Returns false where there can be none: the run has
/// failed then.
template <typename Body>
bool start_thread(const RunPointer& run, Body body) {
  const std::lock_guard<std::mutex> lock(run->threads_mutex);
  try {
    std::thread([run, body] {
      body(*run);
      const std::lock_guard<std::mutex> ended_lock(run->threads_mutex);
      --run->threads;
      run->thread_ended.notify_all();
    }).detach();
  } catch (const std::system_error& failure) {
    run->pool.fail(std::make_exception_ptr(thread_error(failure)));
    return false;
  }
  ++run->threads;  // the lock keeps the new thread from ending before
  return true;
}

void list_inputs(Run& run) {
  try {
    while (auto input = run.source->next()) {
      if (!run.pool.add(std::move(*input))) break;
    }
  } catch (...) {
    run.pool.fail(std::current_exception());
  }
  run.pool.end_listing();
}

void finish(Run& run, const std::vector<BatchTaskPointer>& tasks) {
  try {
    std::vector<BatchInput> inputs;
    std::vector<PreparedImage> images;
    inputs.reserve(tasks.size());
    images.reserve(tasks.size());
    for (const BatchTaskPointer& task : tasks) {
      inputs.push_back(std::move(task->input));
      images.push_back(std::move(task->image));
    }
    std::vector<MadeRow> rows = run.work.finish(inputs, images);
    for (size_t i = 0; i < rows.size(); ++i) {
      run.rows.add(tasks[i]->sequence, std::move(rows[i].row));
      ++run.done;
      if (rows[i].failed) ++run.failed;
    }
  } catch (...) {
    run.pool.fail(std::current_exception());
  }
  run.pool.finished(tasks.size());
}

void work(Run& run) {
  for (Assignment assignment = run.pool.next(); !assignment.empty(); assignment = run.pool.next()) {
    if (!assignment.prepare) {
      finish(run, assignment.finish);
    } else if (!run.pool.prepared(assignment.prepare, run.work.prepare(assignment.prepare->input))) {
      --run.given_up;
      return;  // another thread has taken this one's place
    }
  }
}

void give_up_slow_inputs(const RunPointer& run) {
  if (run->timeout_s <= 0) return;
  const auto timeout =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(run->timeout_s));
  for (const BatchTaskPointer& task : run->pool.give_up(Clock::now() - timeout)) {
    start_thread(run, work);
    if (++run->given_up > kMaxGivenUp) {
      run->pool.fail(std::make_exception_ptr(
          Error(ErrorKind::kInput, std::to_string(kMaxGivenUp) + " inputs hang at the same time",
                task->input.path, "check the file system, then go on with --resume")));
    }
    const auto slow = std::make_shared<BatchTask>();
    slow->sequence = task->sequence;
    slow->input = task->input;  // the thread that hangs goes on to use its own
    slow->image.path = task->input.path;
    slow->image.error = Error(ErrorKind::kInput, "not read and decoded in time", task->input.path,
                              "give it more with --timeout-per-file");
    finish(*run, {slow});
  }
}

bool threads_ended(Run& run) {
  std::unique_lock<std::mutex> lock(run.threads_mutex);
  return run.thread_ended.wait_for(lock, kPatience, [&] { return run.threads == 0; });
}

}  // namespace

BatchRunResult run_batch(std::shared_ptr<InputSource> source, BatchWork batch_work, RowQueue& rows,
                         const BatchRunOptions& options) {
  const auto run = std::make_shared<Run>(std::move(source), std::move(batch_work), rows, options);
  bool started = start_thread(run, list_inputs);
  for (int i = 0; started && i < options.workers; ++i) started = start_thread(run, work);
  BatchRunResult result;
  while (!run->pool.wait_for_end(kTick)) {
    if (!result.stopped && options.stop && options.stop()) {
      result.stopped = true;
      run->pool.drain();
    }
    give_up_slow_inputs(run);
    if (options.progress) options.progress(run->done, run->failed);
  }
  result.failure = run->pool.failure();
  try {
    rows.flush();
  } catch (...) {
    if (!result.failure) result.failure = std::current_exception();
  }
  result.threads_left = !threads_ended(*run);
  result.done = run->done;
  result.failed = run->failed;
  if (options.progress) options.progress(result.done, result.failed);
  return result;
}

}  // namespace kiloword
