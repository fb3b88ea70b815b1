#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kiloword/model/image_text_encoder.h"
#include "kiloword/pipeline/encoded_image.h"
#include "kiloword/serve/deadline.h"

namespace kiloword {

struct ImageQueueOptions {
  int workers = 1;             ///< threads that decode and encode
  int encoder_calls = 1;       ///< of the network at the same time
  size_t images_per_call = 8;  ///< at most
  size_t capacity = 64;        ///< images that wait or are worked on, at most
  DecodeLimits limits;
  uint64_t memory_bytes = 0;  ///< for decoded pixels: see EncodeQueueOptions
};

struct ImageQueueCounts {
  uint64_t images_encoded = 0;
  uint64_t encoder_calls = 0;
  size_t in_progress = 0;
};

/// Decodes and encodes images of many clients, each of whom waits for its own.
class ImageQueue {
 public:
  /// `encoder` must outlive the queue.
  ImageQueue(ImageTextEncoder& encoder, ImageQueueOptions options);
  ImageQueue(const ImageQueue&) = delete;
  ImageQueue& operator=(const ImageQueue&) = delete;

  /// Waits for the embedding of the image whose file content is `bytes`, prepared with `options`; `name` is
  /// its name. An unusable image has its `error` set. Throws Refusal: 503 when the queue is
  /// full, 504 when `deadline` comes first; and what the encoder throws.
  EncodedImage encode(std::string name, std::string bytes, Deadline deadline,
                      const PrepareOptions& options = {});
  /// The same without the embedding.
  PreparedImage prepare(std::string name, std::string bytes, Deadline deadline,
                        const PrepareOptions& options = {});

  ImageQueueCounts counts() const;

 private:
  struct Job;

  std::shared_ptr<Job> make_job(std::string name, std::string bytes, const PrepareOptions& options) const;
  EncodedImage run(const std::shared_ptr<Job>& job, Deadline deadline);
  void finish(const std::vector<EncodeQueue::TaskPointer>& tasks);

  ImageTextEncoder& encoder_;
  ImageQueueOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable job_done_;
  ImageQueueCounts counts_;
  EncodeQueue queue_;  // the first to go: its workers use the rest
};

}  // namespace kiloword
