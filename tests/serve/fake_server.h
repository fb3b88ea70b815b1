#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "kiloword/serve/service.h"
#include "support/fake_encoder.h"
#include "support/temporary_folder.h"

namespace kiloword::testing {

/// A small picture, of another colour for another `seed`.
inline std::string tiny_picture(int seed = 1) {
  std::string text = "P3 4 4 255\n";
  for (int i = 0; i < 48; ++i) text += std::to_string((i * seed + 40) % 256) + " ";
  return text;
}

/// A fake encoder whose image calls wait until they may go on.
class GatedEncoder : public FakeEncoder {
 public:
  Embeddings encode_images(const std::vector<float>& pixels, int64_t count) override {
    std::unique_lock<std::mutex> lock(mutex_);
    ++calls_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    return FakeEncoder::encode_images(pixels, count);
  }
  void open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = false;
  }
  void wait_for_call() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return calls_ > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  int calls_ = 0;
};

/// A service with a fake encoder, one label set "toy" and no language model.
struct FakeServer {
  explicit FakeServer(ServiceOptions options = {}, ImageQueueOptions queue = {})
      : images(encoder, queue),
        labels({folder.path() / "labels",
                {write_labels(folder)},
                [this](const std::vector<std::string>& names) {
                  return LabelBank(resolve_label_sets(names, folder.path() / "labels"), encoder,
                                   EmbeddingCache(""));
                }},
               text_turns),
        service(std::move(options)) {
    service.ready(parts());
  }

  ServiceParts parts() {
    return {{&encoder, "fake", nullptr, "", std::nullopt}, &images, &labels, &text_turns, search.get()};
  }

  static std::string write_labels(const TemporaryFolder& folder) {
    folder.write("labels/toy.txt",
                 "category: objects\nstatement: This is {a} {label}.\nmin-confidence: 0\n---\ncat\ndog\n");
    return "toy";
  }

  TemporaryFolder folder;
  GatedEncoder encoder;
  FairTurns text_turns{4};
  ImageQueue images;
  LabelBanks labels;
  std::unique_ptr<LiveSearch> search;  ///< null until a test has made one
  Service service;
};

}  // namespace kiloword::testing
