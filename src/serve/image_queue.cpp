#include "kiloword/serve/image_queue.h"

#include <atomic>
#include <exception>
#include <utility>

#include "kiloword/serve/refusal.h"

namespace kiloword {

/// An image for which a client waits.
struct ImageQueue::Job : EncodeTask {
  EncodedImage result;
  std::exception_ptr encoder_failure;
  std::atomic<bool> abandoned{false};  ///< nobody waits any more
  bool done = false;
};

namespace {

EncodeQueueOptions queue_options(const ImageQueueOptions& options) {
  EncodeQueueOptions queue;
  queue.workers = options.workers;
  queue.calls = options.encoder_calls;
  queue.images_per_call = options.images_per_call;
  queue.memory_bytes = options.memory_bytes;
  return queue;
}

}  // namespace

ImageQueue::ImageQueue(ImageTextEncoder& encoder, ImageQueueOptions options)
    : encoder_(encoder),
      options_(options),
      queue_(queue_options(options),
             [this](const std::vector<EncodeQueue::TaskPointer>& tasks) { finish(tasks); }) {}

std::shared_ptr<ImageQueue::Job> ImageQueue::make_job(std::string name, std::string bytes,
                                                      const PrepareOptions& options) const {
  const auto job = std::make_shared<Job>();
  job->path = std::move(name);
  job->prepare = [this, &waiting = *job, bytes = std::move(bytes), options](const ReserveMemory& reserve) {
    if (!waiting.abandoned) {
      return prepare_image_bytes(waiting.path, bytes, encoder_.preprocess(), options_.limits, options,
                                 reserve);
    }
    PreparedImage none;
    none.error = Error(ErrorKind::kBusy, "no client waits for the image any more");
    return none;
  };
  return job;
}

EncodedImage ImageQueue::encode(std::string name, std::string bytes, Deadline deadline,
                                const PrepareOptions& options) {
  return run(make_job(std::move(name), std::move(bytes), options), deadline);
}

PreparedImage ImageQueue::prepare(std::string name, std::string bytes, Deadline deadline,
                                  const PrepareOptions& options) {
  const auto job = make_job(std::move(name), std::move(bytes), options);
  job->encoded = false;
  return run(job, deadline).image;
}

ImageQueueCounts ImageQueue::counts() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  ImageQueueCounts counts = counts_;
  counts.in_progress = queue_.in_progress();
  return counts;
}

EncodedImage ImageQueue::run(const std::shared_ptr<Job>& job, Deadline deadline) {
  if (!queue_.try_add(job, options_.capacity)) {
    throw Refusal(503, ErrorKind::kBusy, "too many images are waiting", "", "try again in a moment");
  }
  std::unique_lock<std::mutex> lock(mutex_);
  if (!job_done_.wait_until(lock, deadline, [&] { return job->done; })) {
    job->abandoned = true;
    throw Refusal(504, ErrorKind::kBusy, "the time limit of this request has passed", "", "try again later");
  }
  if (job->failure) std::rethrow_exception(job->failure);
  if (job->encoder_failure) std::rethrow_exception(job->encoder_failure);
  return std::move(job->result);
}

void ImageQueue::finish(const std::vector<EncodeQueue::TaskPointer>& tasks) {
  std::vector<EncodedImage*> batch;
  for (const EncodeQueue::TaskPointer& task : tasks) {
    auto& job = static_cast<Job&>(*task);
    job.result.image = std::move(job.image);
    const bool is_wanted = job.encoded && !job.abandoned && !job.failure && !job.result.image.error;
    if (is_wanted) batch.push_back(&job.result);
  }
  std::exception_ptr failure;
  try {
    kiloword::encode(encoder_, batch);
  } catch (...) {
    failure = std::current_exception();
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const EncodeQueue::TaskPointer& task : tasks) {
    static_cast<Job&>(*task).encoder_failure = failure;
    static_cast<Job&>(*task).done = true;
  }
  counts_.images_encoded += batch.size();
  if (!batch.empty()) ++counts_.encoder_calls;
  job_done_.notify_all();
}

}  // namespace kiloword
