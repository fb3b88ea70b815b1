#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/app.h"
#include "cli/commands/commands.h"
#include "cli/input/open_engine.h"
#include "cli/output/batch_output.h"
#include "cli/output/batch_progress.h"
#include "cli/output/message_log.h"
#include "kiloword/base/interrupt.h"
#include "kiloword/base/thread_count.h"
#include "kiloword/batch/batch_run.h"
#include "kiloword/batch/input_lister.h"
#include "kiloword/index/index_writer.h"
#include "kiloword/pipeline/encoded_image.h"
#include "kiloword/pipeline/image_bytes.h"

namespace kiloword::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// What a kill may cost.
constexpr auto kFlushInterval = std::chrono::seconds(5);

std::string index_file_of(const IndexArguments& arguments) {
  return arguments.index_file.empty() ? (fs::path(arguments.folder) / kIndexName).string()
                                      : arguments.index_file;
}

/// Paths in an index are relative to its own folder where that is the folder of the images.
std::string root_of(const IndexArguments& arguments) {
  if (arguments.index_file.empty()) return "";
  const fs::path folder = fs::canonical(arguments.folder);
  const fs::path own = fs::weakly_canonical(fs::absolute(arguments.index_file)).parent_path();
  return folder == own ? "" : folder.string();
}

std::string decoding_of(const DecodeLimits& limits) {
  return std::string(limits.exact ? "exact" : "reduced") +
         (limits.ignore_profile ? ", profiles ignored" : "");
}

/// The model of the index that is there, unless another one is asked for.
ModelOptions model_of(const IndexArguments& arguments, const std::string& file) {
  ModelOptions model = arguments.model;
  std::error_code failed;
  const bool has_content = fs::is_regular_file(file, failed) && fs::file_size(file, failed) > 0;
  if (arguments.overwrite || model.model != kDefaultModel || !has_content) return model;
  const ImageIndex index(file, /*incomplete=*/true);
  model.model = index.key().model;
  return model;
}

/// A hash of content as an image carries it from its preparation to its row.
std::string packed(const ContentHash& hash) {
  std::string bytes(sizeof hash, '\0');
  std::memcpy(bytes.data(), &hash, sizeof hash);
  return bytes;
}

ContentHash unpacked(const std::string& bytes) {
  ContentHash hash;
  std::memcpy(&hash, bytes.data(), sizeof hash);
  return hash;
}

/// Images on their way from files into an index.
class Indexing {
 public:
  Indexing(const IndexArguments& arguments, const Engine& engine, const std::string& file)
      : arguments_(arguments),
        engine_(engine),
        writer_(std::make_shared<IndexWriter>(file, key(), arguments.overwrite)) {}

  IndexWriter& writer() { return *writer_; }

  std::string name(const std::string& path) const {
    return fs::path(path).lexically_relative(arguments_.folder).string();
  }

  /// Reads an image, and decodes it where its content is not known.
  auto preparer() const {
    return [spec = engine_.parts().encoder().preprocess(), limits = arguments_.limits, writer = writer_](
               const BatchInput& input, const ReserveMemory& reserve) {
      PreparedImage image;
      image.path = input.path;
      image.error = input.error;
      if (image.error) return image;
      std::string hash;
      try {
        ImageInput whole;
        whole.path = input.path;
        whole.bytes = input.bytes ? *input.bytes : read_image_bytes(input.path);
        const ContentHash content = content_hash(*whole.bytes);
        hash = packed(content);
        if (!writer->find(content)) image = prepare_input(whole, spec, limits, {}, reserve);
      } catch (const Error& error) {
        image.error = error.at(input_name(input.path));
      }
      image.content = std::move(hash);
      return image;
    };
  }

  /// Encodes and adds images; returns their rows, which are empty.
  std::vector<MadeRow> finish(const std::vector<BatchInput>& inputs, std::vector<PreparedImage> images,
                              MessageLog& messages) const {
    std::vector<EncodedImage> encoded(images.size());
    std::vector<EncodedImage*> unknown;
    for (size_t i = 0; i < images.size(); ++i) {
      encoded[i].image = std::move(images[i]);
      if (!encoded[i].image.error && !encoded[i].image.pixels.empty()) unknown.push_back(&encoded[i]);
    }
    if (!unknown.empty()) encode(engine_.parts().encoder(), unknown);
    std::vector<MadeRow> rows(inputs.size());
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (encoded[i].image.error) {
        rows[i].failed = true;
        messages.add_error(*encoded[i].image.error);
      } else {
        add(inputs[i], encoded[i]);
      }
    }
    return rows;
  }

 private:
  IndexKey key() const {
    return {arguments_.model.model, engine_.parts().encoder().fingerprint(), decoding_of(arguments_.limits),
            root_of(arguments_), static_cast<size_t>(engine_.embedding_dim())};
  }

  void add(const BatchInput& input, const EncodedImage& encoded) const {
    IndexedImage image;
    image.path = name(input.path);
    image.stamp = input.stamp.value_or(FileStamp());
    image.content = unpacked(encoded.image.content);
    if (encoded.embedding.rows > 0) {
      writer_->add(image, encoded.embedding.row(0));
    } else {
      writer_->add_known(image, *writer_->find(image.content));
    }
  }

  const IndexArguments& arguments_;
  const Engine& engine_;
  std::shared_ptr<IndexWriter> writer_;
};

std::string summary(const IndexUpdate& update, uint64_t failed, bool stopped, double seconds) {
  std::string text = grouped(update.added) + " indexed, " + grouped(failed) + " failed";
  if (update.known > 0) text += ", " + grouped(update.known) + " of them renamed";
  if (update.kept > 0) text += ", " + grouped(update.kept) + " unchanged";
  if (update.dropped > 0) text += ", " + grouped(update.dropped) + " gone or changed";
  return text + " in " + duration_text(seconds) +
         (stopped ? "; interrupted, run the same command to continue" : "");
}

}  // namespace

int run_index(const IndexArguments& arguments, Console& console) {
  ListingOptions listing;
  listing.inputs = {arguments.folder};
  listing.filter = arguments.filter;
  const std::string file = index_file_of(arguments);
  if (arguments.overwrite) refuse_listed_output(file, listing);
  IndexArguments own = arguments;
  own.model = model_of(arguments, file);
  const Engine engine = open_engine(own.model, own.limits, /*many_images=*/true, console);
  if (own.model.model == kDefaultModel) own.model.model = engine.model_name();
  Indexing indexing(own, engine, file);

  const auto lister = std::make_shared<InputLister>(listing);
  std::atomic<bool> all_listed{true};
  lister->set_wanted([&](const BatchInput& input) {
    if (input.error) all_listed = false;
    return input.error ||
           !indexing.writer().keep(indexing.name(input.path), input.stamp.value_or(FileStamp()));
  });

  drain_on_first_interrupt();
  const auto start = Clock::now();
  auto flushed = start;
  MessageLog messages;
  BatchProgress progress(console, console.options(), own.run.progress_interval_s);
  BatchRunOptions options;
  options.workers = thread_count(own.model.compute.threads);
  options.images_per_call = static_cast<size_t>(own.run.batch_size);
  options.memory_bytes = own.model.memory_bytes;
  options.timeout_s = own.run.timeout_s;
  options.stop = interrupt_requested;
  options.progress = [&](uint64_t done, uint64_t failed) {
    messages.tell(console);
    progress.show({done, failed, indexing.writer().update().kept, std::nullopt});
    if (Clock::now() - flushed < kFlushInterval) return;
    indexing.writer().flush();
    flushed = Clock::now();
  };
  struct : RowSink {
    void write(std::string_view /*rows*/) override {}
  } no_rows;
  RowQueue rows(no_rows, /*ordered=*/false);
  BatchWork work;
  work.prepare = indexing.preparer();
  work.finish = [&](const std::vector<BatchInput>& inputs, std::vector<PreparedImage> images) {
    return indexing.finish(inputs, std::move(images), messages);
  };
  const BatchRunResult result = kiloword::run_batch(lister, std::move(work), rows, options);
  messages.tell(console);
  indexing.writer().flush();
  if (result.failure) std::rethrow_exception(result.failure);
  if (!result.stopped) {
    if (lister->count().all == 0)
      throw Error(ErrorKind::kInput, "no image found", own.folder, "name another folder");
    indexing.writer().finish(all_listed);
  }
  const std::chrono::duration<double> taken = Clock::now() - start;
  console.note(summary(indexing.writer().update(), result.failed, result.stopped, taken.count()));
  const int exit_status = result.stopped ? kInterruptedExit : result.failed > 0 ? 1 : 0;
  if (result.threads_left) ::_exit(exit_status);  // they use what would be destroyed below
  return exit_status;
}

}  // namespace kiloword::cli
