#include "kiloword/serve/image_queue.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "kiloword/serve/refusal.h"

namespace kiloword {

struct ImageQueue::Job {
  std::string name;
  std::string bytes;
  bool encoded = false;
  Deadline deadline;
  EncodedImage result;
  std::exception_ptr failure;
  bool given_up = false;  ///< nobody waits any more
  bool done = false;
};

ImageQueue::ImageQueue(ImageTextEncoder& encoder, ImageQueueOptions options)
    : encoder_(encoder), options_(options) {
  for (int i = 0; i < std::max(options_.workers, 1); ++i) workers_.emplace_back([this] { work(); });
}

ImageQueue::~ImageQueue() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ending_ = true;
  }
  work_to_do_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

EncodedImage ImageQueue::encode(std::string name, std::string bytes, Deadline deadline) {
  return run(std::move(name), std::move(bytes), true, deadline);
}

PreparedImage ImageQueue::prepare(std::string name, std::string bytes, Deadline deadline) {
  return run(std::move(name), std::move(bytes), false, deadline).image;
}

ImageQueueCounts ImageQueue::counts() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return counts_;
}

EncodedImage ImageQueue::run(std::string name, std::string bytes, bool encoded, Deadline deadline) {
  const auto job = std::make_shared<Job>();
  job->name = std::move(name);
  job->bytes = std::move(bytes);
  job->encoded = encoded;
  job->deadline = deadline;
  std::unique_lock<std::mutex> lock(mutex_);
  if (counts_.in_progress >= options_.capacity) {
    throw Refusal(503, ErrorKind::kBusy, "too many images are waiting", "", "try again in a moment");
  }
  ++counts_.in_progress;
  waiting_.push_back(job);
  work_to_do_.notify_one();
  if (!job_done_.wait_until(lock, deadline, [&] { return job->done; })) {
    job->given_up = true;
    throw Refusal(504, ErrorKind::kBusy, "the time for this request is over", "", "try again later");
  }
  if (job->failure) std::rethrow_exception(job->failure);
  return std::move(job->result);
}

bool ImageQueue::may_encode() const {
  return !prepared_.empty() && encoding_ < options_.encoder_calls &&
         (waiting_.empty() || prepared_.size() >= options_.images_per_call);
}

void ImageQueue::work() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    work_to_do_.wait(lock, [this] { return ending_ || may_encode() || !waiting_.empty(); });
    if (ending_) return;
    if (may_encode()) {
      encode_some(lock);
    } else {
      prepare_one(lock);
    }
  }
}

void ImageQueue::finish(Job& job) {
  job.done = true;
  --counts_.in_progress;
}

void ImageQueue::prepare_one(std::unique_lock<std::mutex>& lock) {
  const JobPointer job = waiting_.front();
  waiting_.pop_front();
  if (job->given_up) return finish(*job);
  lock.unlock();
  try {
    job->result.image = prepare_image_bytes(job->name, job->bytes, encoder_.preprocess(), options_.limits,
                                            options_.preparation);
  } catch (...) {
    job->failure = std::current_exception();
  }
  std::string().swap(job->bytes);
  lock.lock();
  if (job->encoded && !job->failure && !job->result.image.error && !job->given_up) {
    prepared_.push_back(job);
    work_to_do_.notify_one();
  } else {
    finish(*job);
    job_done_.notify_all();
  }
}

void ImageQueue::encode_some(std::unique_lock<std::mutex>& lock) {
  std::vector<JobPointer> jobs;
  while (!prepared_.empty() && jobs.size() < options_.images_per_call) {
    if (prepared_.front()->given_up) {
      finish(*prepared_.front());
    } else {
      jobs.push_back(prepared_.front());
    }
    prepared_.pop_front();
  }
  if (jobs.empty()) return;
  ++encoding_;
  lock.unlock();
  encode_batch(jobs);
  lock.lock();
  --encoding_;
  counts_.images_encoded += jobs.size();
  ++counts_.encoder_calls;
  for (const JobPointer& job : jobs) finish(*job);
  job_done_.notify_all();
  work_to_do_.notify_one();
}

void ImageQueue::encode_batch(const std::vector<JobPointer>& jobs) {
  const auto start = std::chrono::steady_clock::now();
  const auto count = static_cast<int64_t>(jobs.size());
  try {
    std::vector<float> pixels;
    for (const JobPointer& job : jobs) {
      std::vector<float>& own = job->result.image.pixels;
      pixels.insert(pixels.end(), own.begin(), own.end());
    }
    const Embeddings embeddings = encoder_.encode_images(pixels, count);
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
    for (int64_t i = 0; i < count; ++i) {
      EncodedImage& result = jobs[static_cast<size_t>(i)]->result;
      result.embedding = {1, embeddings.dim, {embeddings.row(i), embeddings.row(i) + embeddings.dim}};
      result.image.ms += taken.count() / static_cast<double>(count);
    }
  } catch (...) {
    for (const JobPointer& job : jobs) job->failure = std::current_exception();
  }
}

}  // namespace kiloword
