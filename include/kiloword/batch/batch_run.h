#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kiloword/batch/batch_input.h"
#include "kiloword/batch/row_queue.h"
#include "kiloword/pipeline/prepared_image.h"

namespace kiloword {

/// The row of one input.
struct MadeRow {
  std::string row;      ///< without the end of line
  bool failed = false;  ///< an error row
};

/// The work of a batch on its inputs. Both functions are called from several threads at the same time.
struct BatchWork {
  /// Reads and decodes one input; any problem with it is reported in the result. A call that takes too long
  /// is abandoned: it may still run after the run has ended, so it must own its data.
  std::function<PreparedImage(const BatchInput&, const ReserveMemory&)> prepare;
  /// Turns prepared images, including those with an error, into rows, in the same order. An exception from it
  /// ends the run.
  std::function<std::vector<MadeRow>(const std::vector<BatchInput>&, std::vector<PreparedImage>)> finish;
};

struct BatchRunOptions {
  int workers = 1;             ///< threads that decode and encode
  size_t images_per_call = 8;  ///< maximum per call of `finish`
  uint64_t memory_bytes = 0;   ///< for decoded pixels: see EncodeQueueOptions
  double timeout_s = 0;        ///< for reading and decoding one input; 0: none
  std::function<bool()> stop;  ///< called many times a second: whether to finish started inputs and stop
  std::function<void(uint64_t done, uint64_t failed)> progress;  ///< called many times a second
};

/// How a run ended.
struct BatchRunResult {
  uint64_t done = 0;           ///< rows made, including error rows
  uint64_t failed = 0;         ///< error rows
  bool stopped = false;        ///< by `stop`, before the last input was taken
  std::exception_ptr failure;  ///< the reason for an early end; earlier rows are written
  /// Threads that hang in a read or in a decoder are still running: the process must end without waiting for
  /// them, and without destroying what they use.
  bool threads_left = false;
};

/// Makes a row for every input of `source` and adds it to `rows`, in the sequence of the source.
///
/// All workers do the same: each takes a batch of prepared images if there is one, else prepares an input, so
/// that no core waits for another and memory is bounded whichever step is slower. The listing runs ahead on
/// its own thread, by a bounded number of inputs and bytes. An input that is not prepared in time gets an
/// error row and its thread is replaced. Exceptions of the work and the sink are never thrown: see
/// BatchRunResult::failure.
BatchRunResult run_batch(std::shared_ptr<InputSource> source, BatchWork work, RowQueue& rows,
                         const BatchRunOptions& options);

}  // namespace kiloword
