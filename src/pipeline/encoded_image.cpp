#include "kiloword/pipeline/encoded_image.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>

#include "kiloword/scoring/similarity.h"

namespace kiloword {
namespace {

void append_row(const Embeddings& from, int64_t row, Embeddings& to) {
  to.dim = from.dim;
  to.values.insert(to.values.end(), from.row(row), from.row(row) + from.dim);
  to.word_count = from.word_count;
  const auto words = from.words.begin() + row * from.word_count;
  to.words.insert(to.words.end(), words, words + from.word_count);
  to.finding_count = from.finding_count;
  const auto findings = from.findings.begin() + row * from.finding_count;
  to.findings.insert(to.findings.end(), findings, findings + from.finding_count);
  ++to.rows;
}

/// Copies the findings of the row nearest to the embedding `mean`: those of several are of different places.
void copy_nearest_findings(const Embeddings& rows, Embeddings& mean) {
  if (rows.finding_count == 0) return;
  const std::vector<float> similar = cosines(mean.row(0), rows);
  const auto nearest = std::max_element(similar.begin(), similar.end()) - similar.begin();
  mean.finding_count = rows.finding_count;
  const auto begin = rows.findings.begin() + nearest * rows.finding_count;
  mean.findings.assign(begin, begin + rows.finding_count);
}

/// The mean of `rows` at unit length, with the mean support of each word.
Embeddings unit_mean(const Embeddings& rows) {
  std::vector<double> sums(static_cast<size_t>(rows.dim));
  for (int64_t i = 0; i < rows.rows; ++i) {
    for (size_t d = 0; d < sums.size(); ++d) sums[d] += rows.row(i)[d];
  }
  double squares = 0;
  for (const double sum : sums) squares += sum * sum;
  const double length = std::max(std::sqrt(squares), 1e-12);
  Embeddings mean{1, rows.dim, {}};
  for (const double sum : sums) mean.values.push_back(static_cast<float>(sum / length));
  mean.word_count = rows.word_count;
  for (int64_t word = 0; word < rows.word_count; ++word) {
    double sum = 0;
    for (int64_t i = 0; i < rows.rows; ++i)
      sum += rows.words[static_cast<size_t>(i * rows.word_count + word)];
    mean.words.push_back(static_cast<float>(sum / static_cast<double>(rows.rows)));
  }
  copy_nearest_findings(rows, mean);
  return mean;  // [1, D]
}

/// The pictures of one call of the network.
struct Call {
  std::vector<float> pixels;
  std::vector<PictureSize> sizes;
  std::vector<Embeddings*> rows;  ///< where the embedding of each picture goes

  /// Moves `from` behind the pixels of the other pictures.
  void add(std::vector<float>& from, PictureSize size, Embeddings& to) {
    pixels.insert(pixels.end(), from.begin(), from.end());
    std::vector<float>().swap(from);
    sizes.push_back(size);
    rows.push_back(&to);
  }
};

/// What is encoded, until its turn.
class Results {
 public:
  void add(uint64_t sequence, EncodedImage image) {
    const std::lock_guard<std::mutex> lock(mutex_);
    images_.emplace(sequence, std::move(image));
    changed_.notify_all();
  }

  void fail(std::exception_ptr failure) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    changed_.notify_all();
  }

  EncodedImage wait_for(uint64_t sequence) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return failure_ || images_.count(sequence) > 0; });
    if (failure_) std::rethrow_exception(failure_);
    const auto found = images_.find(sequence);
    EncodedImage image = std::move(found->second);
    images_.erase(found);
    return image;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<uint64_t, EncodedImage> images_;
  std::exception_ptr failure_;
};

/// Encodes the images of `tasks` into `results`.
void encode_tasks(ImageTextEncoder& encoder, const std::vector<EncodeQueue::TaskPointer>& tasks,
                  Results& results) {
  try {
    std::vector<EncodedImage> images(tasks.size());
    std::vector<EncodedImage*> batch;
    for (size_t i = 0; i < tasks.size(); ++i) {
      if (tasks[i]->failure) std::rethrow_exception(tasks[i]->failure);
      images[i].image = std::move(tasks[i]->image);
      batch.push_back(&images[i]);
    }
    encode(encoder, batch);
    for (size_t i = 0; i < tasks.size(); ++i) results.add(tasks[i]->sequence, std::move(images[i]));
  } catch (...) {
    results.fail(std::current_exception());
  }
}

}  // namespace

std::vector<EncodedImage> encode(ImageTextEncoder& encoder, std::vector<PreparedImage> images) {
  std::vector<EncodedImage> encoded(images.size());
  std::vector<EncodedImage*> call;
  for (size_t i = 0; i < images.size(); ++i) {
    encoded[i].image = std::move(images[i]);
    call.push_back(&encoded[i]);
  }
  encode(encoder, call);
  return encoded;
}

void encode(ImageTextEncoder& encoder, const std::vector<EncodedImage*>& images) {
  const auto start = std::chrono::steady_clock::now();
  Call call;
  int64_t good = 0;
  for (EncodedImage* encoded : images) {
    PreparedImage& image = encoded->image;
    if (image.error) continue;
    ++good;
    const bool has_text = !image.pixels_without_text.empty();
    for (PreparedFrame& frame : image.frames) call.add(frame.pixels, frame.size, encoded->frame_embeddings);
    if (!image.frames.empty()) continue;
    call.add(image.pixels, image.size, encoded->embedding);
    if (has_text) call.add(image.pixels_without_text, image.size, encoded->embedding_without_text);
  }
  if (call.rows.empty()) return;
  const Embeddings embeddings = encoder.encode_pictures(call.pixels, call.sizes);
  for (size_t row = 0; row < call.rows.size(); ++row)
    append_row(embeddings, static_cast<int64_t>(row), *call.rows[row]);
  for (EncodedImage* encoded : images) {
    if (encoded->frame_embeddings.rows > 0) encoded->embedding = unit_mean(encoded->frame_embeddings);
  }
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  for (EncodedImage* encoded : images) {
    if (!encoded->image.error) encoded->image.ms += taken.count() / static_cast<double>(good);
  }
}

void for_each_encoded_image(const std::function<std::optional<ImageInput>()>& next, ImageTextEncoder& encoder,
                            const EncodeOptions& options, const std::function<void(EncodedImage&&)>& use) {
  Results results;  // outlives the workers
  EncodeQueue queue(options.queue, [&](const std::vector<EncodeQueue::TaskPointer>& tasks) {
    encode_tasks(encoder, tasks, results);
  });
  const auto workers = static_cast<uint64_t>(std::max(options.queue.workers, 1));
  const uint64_t ahead = (workers + 1) * options.queue.images_per_call;
  uint64_t added = 0;
  bool has_more = true;
  for (uint64_t used = 0;; ++used) {
    while (has_more && added < used + ahead) {
      auto input = next();
      has_more = input.has_value();
      if (!has_more) break;
      auto task = std::make_shared<EncodeTask>();
      task->path = input->path;
      task->held_bytes = input->bytes ? input->bytes->size() : 0;
      task->prepare = [input = std::move(*input), &encoder, &options](const ReserveMemory& reserve) {
        return prepare_input(input, encoder.preprocess(), options.limits, options.prepare, reserve);
      };
      queue.add(std::move(task));
      ++added;
    }
    if (used == added) return;
    use(results.wait_for(used));
  }
}

void for_each_encoded_image(const std::vector<std::string>& paths, ImageTextEncoder& encoder,
                            const EncodeOptions& options, const std::function<void(EncodedImage&&)>& use) {
  size_t next = 0;
  for_each_encoded_image(
      [&]() -> std::optional<ImageInput> {
        if (next == paths.size()) return std::nullopt;
        return ImageInput{paths[next++], std::nullopt, std::nullopt};
      },
      encoder, options, use);
}

}  // namespace kiloword
