#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/app.h"
#include "cli/commands/commands.h"
#include "cli/input/caption_source.h"
#include "cli/output/batch_output.h"
#include "cli/output/batch_progress.h"
#include "cli/output/batch_rows.h"
#include "cli/output/message_log.h"
#include "kiloword/base/interrupt.h"
#include "kiloword/base/output_target.h"
#include "kiloword/batch/batch_run.h"
#include "kiloword/batch/finished_rows.h"
#include "kiloword/batch/folder_watch.h"
#include "kiloword/batch/input_lister.h"
#include "kiloword/batch/merge.h"

namespace kiloword::cli {
namespace {

ListingOptions listing_options(const BatchArguments& arguments) {
  ListingOptions options;
  options.inputs = arguments.input.inputs;
  options.tars = arguments.tars;
  options.files_from = arguments.input.files_from;
  options.files0_from = arguments.input.files0_from;
  options.filter = arguments.filter;
  options.shard =
      parse_shard(arguments.shard, arguments.shard_by_input ? ShardUnit::kInput : ShardUnit::kImage);
  return options;
}

/// What is listed where folders are followed: what they hold, and what arrives.
ListingOptions followed(const ListingOptions& folders) {
  WatchOptions watch;
  watch.folders = folders.inputs;
  watch.filter = folders.filter;
  watch.stop = interrupt_requested;
  ListingOptions options = folders;
  options.inputs.clear();
  options.watch = std::make_shared<FolderWatch>(std::move(watch));
  return options;
}

/// Whether the inputs can be listed a second time, to count them: a list or an archive from a pipe cannot.
bool can_be_counted(const ListingOptions& options) {
  return options.files_from != "-" && options.files0_from != "-" && options.tars.empty() && !options.watch;
}

BatchWork batch_work(const CaptionSource& source, const BatchRows& rows) {
  BatchWork work;
  work.prepare = source.preparer();
  work.finish = [&source, &rows](const std::vector<BatchInput>& inputs, std::vector<PreparedImage> images) {
    std::vector<CaptionedImage> captioned = source.captions(std::move(images));
    std::vector<MadeRow> made;
    made.reserve(captioned.size());
    for (size_t i = 0; i < captioned.size(); ++i) made.push_back(rows.make(inputs[i], captioned[i]));
    return made;
  };
  return work;
}

std::string summary(const BatchRunResult& result, const FinishedRowsCount& earlier,
                    const MessageLog& messages, double seconds) {
  std::string text =
      grouped(result.done - result.failed) + " captioned, " + grouped(result.failed) + " failed";
  if (earlier.kept > 0) text += ", " + grouped(earlier.kept) + " kept";
  if (const uint64_t kept = messages.kept_sidecars(); kept > 0) {
    text += ", " + grouped(kept) + (kept == 1 ? " sidecar kept" : " sidecars kept");
  }
  if (messages.without_sidecar() > 0) {
    text += ", " + grouped(messages.without_sidecar()) + " without a sidecar: no statement was selected";
  }
  if (earlier.broken > 0) text += ", " + grouped(earlier.broken) + " lines dropped that were not rows";
  if (earlier.foreign > 0) text += ", " + grouped(earlier.foreign) + " rows of other shards dropped";
  if (earlier.unlisted > 0) text += ", " + grouped(earlier.unlisted) + " of inputs that are no longer listed";
  return text + " in " + duration_text(seconds) +
         (result.stopped ? "; interrupted, continue with --resume" : "");
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

/// Tells what of the inputs was left out, and when there are none at all.
ExitCode tell_listing(const InputLister& lister, Console& console) {
  const bool empty = lister.count().all == 0;
  const std::string left_out = lister.left_out().text(/*all=*/empty);
  if (empty) {
    console.error(
        Error(ErrorKind::kInput, "no image found", "",
              left_out.empty() ? "give images, or folders and archives of images" : "skipped: " + left_out));
    return ExitCode::kSomeFailed;
  }
  if (!left_out.empty()) console.warning("skipped: " + left_out);
  return ExitCode::kOk;
}

BatchRunOptions run_options(const CaptionSource& source, const BatchArguments& arguments) {
  BatchRunOptions options;
  options.workers = source.workers();
  options.images_per_call = source.images_per_call();
  options.memory_bytes = arguments.model.memory_bytes;
  options.timeout_s = arguments.run.timeout_s;
  options.stop = interrupt_requested;
  return options;
}

}  // namespace

int run_batch(const BatchArguments& arguments, Console& console) {
  const ListingOptions named = listing_options(arguments);
  const ListingOptions listing = arguments.follow ? followed(named) : named;
  const auto lister = std::make_shared<InputLister>(listing);
  const BatchOutput output =
      open_batch_output(arguments, named);  // before the model is loaded: errors come early

  const std::unique_ptr<CaptionSource> source = make_caption_source(arguments, console);
  const std::string run = source->run();
  std::unique_ptr<FinishedRows> finished;
  if (arguments.resume && output.file != nullptr) {
    finished = std::make_unique<FinishedRows>(*output.file, run, arguments.retry_errors, listing.shard);
    lister->set_wanted([&finished](const BatchInput& input) { return !finished->keep(input); });
  }

  if (output.file != nullptr) remove_shard_mark(output.file->path());

  drain_on_first_interrupt();
  const auto start = std::chrono::steady_clock::now();
  MessageLog messages;
  BatchProgress progress(console, console.options(), arguments.run.progress_interval_s);
  std::unique_ptr<InputCounter> counter;
  if (progress.enabled() && can_be_counted(listing)) counter = std::make_unique<InputCounter>(listing);
  BatchRunOptions options = run_options(*source, arguments);
  options.progress = [&](uint64_t done, uint64_t failed) {
    messages.tell(console);
    progress.show({done, failed, finished ? finished->kept() : 0, counter ? counter->total() : std::nullopt});
  };
  const bool tell_errors = output.file == nullptr || console.options().verbose;
  const BatchRows made(arguments, run, listing.shard, messages, tell_errors);
  if (const std::string heading = made.heading(); !heading.empty()) output.sink->write(heading + "\n");
  RowQueue rows(*output.sink, !arguments.unordered);
  const BatchRunResult result =
      kiloword::run_batch(made.inputs(lister), batch_work(*source, made), rows, options);

  ExitCode code = result.failure ? report_failure(result.failure, console) : ExitCode::kOk;
  const bool is_whole = !result.stopped && !arguments.follow;  // what is followed has no end
  if (!result.failure && output.file != nullptr) {
    output.file->require_in_place();
    if (finished && is_whole) finished->settle(!arguments.unordered);
    if (listing.shard.count > 1 && is_whole) {
      write_shard_mark(output.file->path(), listing.shard, lister->count(), run);
    }
  }
  const FinishedRowsCount earlier = finished ? finished->count() : FinishedRowsCount();
  const bool any_failed = result.failed + earlier.kept_failed > 0 && !arguments.errors_ok;
  if (code == ExitCode::kOk && any_failed) code = ExitCode::kSomeFailed;
  if (const std::optional<Error> gone = listing.watch ? listing.watch->failure() : std::nullopt) {
    console.error(*gone);
    code = std::max(code, ExitCode::kSomeFailed);
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  if (!result.failure && is_whole) code = std::max(code, tell_listing(*lister, console));
  console.note(summary(result, earlier, messages, taken.count()));
  const bool interrupted = result.stopped && !result.failure && !arguments.follow;
  const int exit_status = interrupted ? kInterruptedExit : static_cast<int>(code);
  if (result.threads_left) ::_exit(exit_status);  // they use what would be destroyed below
  return exit_status;
}

}  // namespace kiloword::cli
