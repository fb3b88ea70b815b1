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
  int encoder_calls = 1;       ///< concurrent calls of the network
  size_t images_per_call = 8;  ///< at most
  size_t capacity = 64;        ///< maximum number of images waiting or in progress
  DecodeLimits limits;
  uint64_t memory_bytes = 0;  ///< for decoded pixels: see EncodeQueueOptions
};

struct ImageQueueCounts {
  uint64_t images_encoded = 0;
  uint64_t encoder_calls = 0;
  size_t in_progress = 0;
};

/// Decodes and encodes images of many clients; each call waits for its own image.
class ImageQueue {
 public:
  /// `encoder` must outlive the queue.
  ImageQueue(ImageTextEncoder& encoder, ImageQueueOptions options);
  ImageQueue(const ImageQueue&) = delete;
  ImageQueue& operator=(const ImageQueue&) = delete;

  /// Prepares the image with the file content `bytes` and waits for its embedding; `name` is its name in
  /// messages. An unusable image has its `error` set. Throws Refusal: 503 if the queue is full, 504 if
  /// `deadline` passes first; and what the encoder throws.
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
  EncodeQueue queue_;  // destroyed first: its workers use the other members
};

}  // namespace kiloword
