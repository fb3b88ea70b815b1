#include "engine/shared_networks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/fake_encoder.h"

namespace kiloword {
namespace {

using testing::FakeEncoder;

/// Notices calls that may not run at the same time.
class WatchingEncoder : public FakeEncoder {
 public:
  explicit WatchingEncoder(std::atomic<int>& faults) : faults_(faults) {}

  Embeddings encode_images(const std::vector<float>& pixels, int64_t count) override {
    ++images_;
    if (using_threads_) ++faults_;
    std::this_thread::yield();
    --images_;
    return FakeEncoder::encode_images(pixels, count);
  }
  Embeddings encode_texts(const std::vector<std::string>& texts) override {
    use_text_tower();
    return FakeEncoder::encode_texts(texts);
  }
  DescriptionModel* description_model() override { return &writer_; }
  void use_threads(int threads) override {
    using_threads_ = true;
    if (images_ + texts_ != 0) ++faults_;
    threads_ = threads;  // not guarded: the sanitizer sees a race
    using_threads_ = false;
  }

 private:
  /// Its texts use the encoder's tower.
  class Writer : public DescriptionModel {
   public:
    explicit Writer(WatchingEncoder& encoder) : encoder_(encoder) {}
    const Tokenizer& tokenizer() const override { throw std::logic_error("it has none"); }
    int64_t vocab_size() const override { return 1; }
    int32_t start_id() const override { return 0; }
    int32_t end_id() const override { return 0; }
    int64_t context_length() const override { return 1; }
    std::unique_ptr<DescriptionSession> start(const float* /*image*/) override {
      encoder_.use_text_tower();
      return std::make_unique<Session>(encoder_);
    }

   private:
    class Session : public DescriptionSession {
     public:
      explicit Session(WatchingEncoder& encoder) : encoder_(encoder) {}
      const std::vector<float>& logits() const override { return logits_; }
      void extend(const std::vector<int64_t>& /*parents*/, const std::vector<int32_t>& /*ids*/) override {
        encoder_.use_text_tower();
      }

     private:
      WatchingEncoder& encoder_;
      std::vector<float> logits_{0};
    };

    WatchingEncoder& encoder_;
  };

  void use_text_tower() {
    if (texts_++ != 0) ++faults_;
    std::this_thread::yield();
    --texts_;
  }

  std::atomic<int>& faults_;
  std::atomic<int> images_{0};
  std::atomic<int> texts_{0};
  std::atomic<bool> using_threads_{false};
  int threads_ = 0;
  Writer writer_{*this};
};

TEST(SharedEncoder, WhatMayNotRunTogetherTakesTurns) {
  std::atomic<int> faults{0};
  const auto encoder = shared_encoder(std::make_unique<WatchingEncoder>(faults));
  const Embeddings expected = encoder->encode_texts({"a dog"});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const auto growing = encoder->growing_texts();
      for (int round = 0; round < 100; ++round) {
        EXPECT_EQ(encoder->encode_texts({"a dog"}).values, expected.values);
        EXPECT_EQ(growing->encode({"a dog"}).values, expected.values);
        const auto session = encoder->description_model()->start(nullptr);
        session->extend({0}, {0});
        encoder->encode_images(FakeEncoder::text_embedding("x"), 1);
        if (i == 0) encoder->use_threads(round % 3);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(faults, 0);
}

}  // namespace
}  // namespace kiloword
