#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "kiloword/clip/encoder.h"
#include "kiloword/pipeline/prepared_image.h"
#include "kiloword/serve/deadline.h"

namespace kiloword {

struct ImageQueueOptions {
  int workers = 1;             ///< threads that decode and encode
  int encoder_calls = 1;       ///< of the network at the same time
  size_t images_per_call = 8;  ///< at most
  size_t capacity = 64;        ///< images that wait or are worked on, at most
  DecodeLimits limits;
  Preparation preparation;
};

/// An image with its embedding, or with its error.
struct EncodedImage {
  PreparedImage image;
  Embeddings embedding;  ///< [1, D]; empty when it was not asked for
};

struct ImageQueueCounts {
  uint64_t images_encoded = 0;
  uint64_t encoder_calls = 0;
  size_t in_progress = 0;
};

/// Decodes and encodes images of many clients. Workers are alike: each encodes the images that are ready, as
/// one batch, when a batch is full or no image waits to be decoded; otherwise it decodes one.
class ImageQueue {
 public:
  /// `encoder` must outlive the queue.
  ImageQueue(ImageTextEncoder& encoder, ImageQueueOptions options);
  ImageQueue(const ImageQueue&) = delete;
  ImageQueue& operator=(const ImageQueue&) = delete;
  ~ImageQueue();

  /// Waits for the embedding of the image whose file content is `bytes`; `name` is what it is called. What is
  /// wrong with the image is in its `error`. Throws Refusal: 503 when the queue is full, 504 when `deadline`
  /// comes first; and what the encoder throws.
  EncodedImage encode(std::string name, std::string bytes, Deadline deadline);
  /// The same without the embedding.
  PreparedImage prepare(std::string name, std::string bytes, Deadline deadline);

  ImageQueueCounts counts() const;

 private:
  struct Job;
  using JobPointer = std::shared_ptr<Job>;

  EncodedImage run(std::string name, std::string bytes, bool encoded, Deadline deadline);
  void work();
  bool may_encode() const;
  void prepare_one(std::unique_lock<std::mutex>& lock);
  void encode_some(std::unique_lock<std::mutex>& lock);
  void encode_batch(const std::vector<JobPointer>& jobs);
  void finish(Job& job);

  ImageTextEncoder& encoder_;
  ImageQueueOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable work_to_do_;
  std::condition_variable job_done_;
  std::deque<JobPointer> waiting_;
  std::deque<JobPointer> prepared_;
  ImageQueueCounts counts_;
  int encoding_ = 0;
  bool ending_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace kiloword
