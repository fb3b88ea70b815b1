#include <unistd.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "cli/app.h"
#include "cli/batch_progress.h"
#include "cli/caption_source.h"
#include "cli/commands/commands.h"
#include "kiloword/base/file.h"
#include "kiloword/base/interrupt.h"
#include "kiloword/batch/batch_row.h"
#include "kiloword/batch/batch_run.h"
#include "kiloword/batch/finished_rows.h"
#include "kiloword/batch/input_lister.h"
#include "kiloword/batch/merge.h"
#include "kiloword/batch/output_file.h"
#include "kiloword/pipeline/record.h"

namespace kiloword::cli {
namespace {

class StandardOutput : public RowSink {
 public:
  void write(std::string_view rows) override { write_text(rows); }
};

class NoOutput : public RowSink {
 public:
  void write(std::string_view /*rows*/) override {}
};

/// Errors of worker threads, told on the main thread.
class ErrorLog {
 public:
  void add(const Error& error) {
    const std::lock_guard<std::mutex> lock(mutex_);
    errors_.push_back(error);
  }
  void tell(Console& console) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const Error& error : errors_) console.error(error);
    errors_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<Error> errors_;
};

ListingOptions listing_options(const BatchArguments& arguments) {
  ListingOptions options;
  options.inputs = arguments.input.inputs;
  options.files_from = arguments.input.files_from;
  options.files0_from = arguments.input.files0_from;
  options.filter = arguments.filter;
  options.shard = parse_shard(arguments.shard);
  return options;
}

bool reads_standard_input(const ListingOptions& options) {
  return options.files_from == "-" || options.files0_from == "-";
}

/// Writes the caption beside the image. A failure to write ends the run, as that of any output.
void write_sidecar(const BatchInput& input, CaptionedImage& image) {
  const bool has_place = input.path != "-" && !input.archive_member;
  if (has_place) {
    write_file_atomically(input.path + ".txt", image.caption + "\n");
    return;
  }
  image.error = Error(ErrorKind::kInput, "has no place for a text beside it", input.path,
                      "unpack it, or write records with -o");
  image.record = error_json(input.path, *image.error);
}

BatchWork batch_work(const CaptionSource& source, const BatchArguments& arguments, const std::string& run,
                     ErrorLog& errors, bool tell_errors) {
  BatchWork work;
  work.prepare = source.preparer();
  work.finish = [&source, &arguments, run, &errors, tell_errors](const std::vector<BatchInput>& inputs,
                                                                 const std::vector<PreparedImage>& images) {
    std::vector<CaptionedImage> captioned = source.captions(images);
    std::vector<MadeRow> rows;
    rows.reserve(captioned.size());
    for (size_t i = 0; i < captioned.size(); ++i) {
      CaptionedImage& image = captioned[i];
      if (arguments.sidecar && !image.error) write_sidecar(inputs[i], image);
      if (image.error && tell_errors) errors.add(*image.error);
      MadeRow row;
      row.failed = image.error.has_value();
      if (arguments.format == Format::kJson) {
        row.row = batch_row(image.record, inputs[i], run);
      } else if (!row.failed) {
        row.row = image.caption;
      }
      rows.push_back(std::move(row));
    }
    return rows;
  };
  return work;
}

std::string summary(const BatchRunResult& result, const FinishedRowsCount& earlier, double seconds) {
  std::string text =
      grouped(result.done - result.failed) + " captioned, " + grouped(result.failed) + " failed";
  if (earlier.kept > 0) text += ", " + grouped(earlier.kept) + " kept";
  if (earlier.broken > 0) text += ", " + grouped(earlier.broken) + " lines dropped that were no rows";
  if (earlier.unlisted > 0)
    text += ", " + grouped(earlier.unlisted) + " of inputs that are not listed any more";
  return text + " in " + duration_text(seconds) +
         (result.stopped ? "; interrupted, go on with --resume" : "");
}

/// Tells what ended the run early; returns the exit code.
ExitCode report_failure(const std::exception_ptr& failure, Console& console) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    console.error(error);
    return exit_code(error.kind());
  } catch (const OutputClosed&) {
    return ExitCode::kOk;
  } catch (const std::exception& error) {
    console.error(Error(ErrorKind::kInternal, error.what(), "", "please report this as a defect"));
    return ExitCode::kInternal;
  }
}

/// Where the rows go.
struct BatchOutput {
  std::unique_ptr<RowSink> sink;
  OutputFile* file = nullptr;  ///< the sink, where it is a regular file
};

BatchOutput open_output(const BatchArguments& arguments) {
  BatchOutput output;
  if (arguments.output.empty()) {
    output.sink = std::make_unique<NoOutput>();
  } else if (arguments.output == "-") {
    output.sink = std::make_unique<StandardOutput>();
  } else {
    const auto existing = arguments.resume      ? ExistingOutput::kResume
                          : arguments.overwrite ? ExistingOutput::kOverwrite
                                                : ExistingOutput::kRefuse;
    auto file = std::make_unique<OutputFile>(arguments.output, existing);
    output.file = file->is_regular() ? file.get() : nullptr;
    output.sink = std::move(file);
  }
  if (output.file != nullptr) remove_shard_mark(output.file->path());
  return output;
}

BatchRunOptions run_options(const CaptionSource& source, double timeout_s) {
  BatchRunOptions options;
  options.workers = source.workers();
  options.images_per_call = source.images_per_call();
  options.timeout_s = timeout_s;
  options.stop = interrupt_requested;
  return options;
}

}  // namespace

int run_batch(const BatchArguments& arguments, Console& console) {
  const ListingOptions listing = listing_options(arguments);
  const auto lister = std::make_shared<InputLister>(listing);
  const BatchOutput output = open_output(arguments);  // before the model is loaded: errors come early

  const std::unique_ptr<CaptionSource> source = make_caption_source(arguments, console);
  const std::string run = source->run();
  std::unique_ptr<FinishedRows> finished;
  if (arguments.resume && output.file != nullptr) {
    finished = std::make_unique<FinishedRows>(*output.file, run, arguments.retry_errors);
    lister->set_wanted([&finished](const BatchInput& input) { return !finished->keep(input); });
  }

  drain_on_first_interrupt();
  const auto start = std::chrono::steady_clock::now();
  ErrorLog errors;
  BatchProgress progress(console, console.options(), arguments.progress_interval_s);
  std::unique_ptr<InputCounter> counter;
  if (progress.enabled() && !reads_standard_input(listing)) counter = std::make_unique<InputCounter>(listing);
  BatchRunOptions options = run_options(*source, arguments.timeout_s);
  options.progress = [&](uint64_t done, uint64_t failed) {
    errors.tell(console);
    progress.show({done, failed, finished ? finished->kept() : 0, counter ? counter->total() : std::nullopt});
  };
  const bool tell_errors = output.file == nullptr || console.options().verbose;
  RowQueue rows(*output.sink, !arguments.unordered);
  const BatchRunResult result =
      kiloword::run_batch(lister, batch_work(*source, arguments, run, errors, tell_errors), rows, options);

  ExitCode code = result.failure ? report_failure(result.failure, console) : ExitCode::kOk;
  if (!result.failure && !result.stopped && output.file != nullptr) {
    if (finished) finished->settle(!arguments.unordered);
    if (listing.shard.count > 1) write_shard_mark(output.file->path(), listing.shard, lister->count(), run);
  }
  const FinishedRowsCount earlier = finished ? finished->count() : FinishedRowsCount();
  if (code == ExitCode::kOk && result.failed + earlier.kept_failed > 0) code = ExitCode::kSomeFailed;
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  console.note(summary(result, earlier, taken.count()));
  const int exit_status = result.stopped && !result.failure ? kInterruptedExit : static_cast<int>(code);
  if (result.threads_left) ::_exit(exit_status);  // they use what would be destroyed below
  return exit_status;
}

}  // namespace kiloword::cli
