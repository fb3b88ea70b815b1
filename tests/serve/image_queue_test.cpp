#include "kiloword/serve/image_queue.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "kiloword/serve/fair_turns.h"
#include "kiloword/serve/refusal.h"
#include "serve/fake_server.h"

namespace kiloword {
namespace {

using std::chrono::milliseconds;
using testing::tiny_picture;

Deadline in(milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

template <typename Call>
int refused_status(Call call) {
  try {
    call();
  } catch (const Refusal& refusal) {
    return refusal.status();
  }
  return 0;
}

TEST(ImageQueue, ImagesThatWaitTogetherShareACallAndGiveWhatTheyGiveAlone) {
  testing::GatedEncoder encoder;
  ImageQueue queue(encoder, {2, 1, 8, 64, {}});
  std::vector<EncodedImage> alone;
  for (int seed = 1; seed <= 8; ++seed) {
    alone.push_back(queue.encode("a", tiny_picture(seed), in(milliseconds(60000))));
  }
  EXPECT_EQ(queue.counts().encoder_calls, 8U);
  encoder.close();
  std::vector<std::future<EncodedImage>> together;
  for (int seed = 1; seed <= 8; ++seed) {
    together.push_back(std::async(std::launch::async, [&queue, seed] {
      return queue.encode("a", tiny_picture(seed), in(milliseconds(60000)));
    }));
  }
  while (queue.counts().in_progress < 8) std::this_thread::sleep_for(milliseconds(1));
  std::this_thread::sleep_for(milliseconds(50));  // until all are prepared
  encoder.open();
  for (size_t i = 0; i < 8; ++i) EXPECT_EQ(together[i].get().embedding.values, alone[i].embedding.values);
  EXPECT_LE(queue.counts().encoder_calls, 8U + 4U);
  EXPECT_EQ(queue.counts().images_encoded, 16U);
  // Who waits has the answer before the queue has put the call behind it.
  const auto patience = in(milliseconds(10000));
  while (queue.counts().in_progress > 0 && std::chrono::steady_clock::now() < patience) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  EXPECT_EQ(queue.counts().in_progress, 0U);
}

TEST(ImageQueue, AnImageThatCannotBeReadHasItsError) {
  testing::FakeEncoder encoder;
  ImageQueue queue(encoder, {});
  const EncodedImage encoded = queue.encode("name", "no image", in(milliseconds(60000)));
  ASSERT_TRUE(encoded.image.error);
  EXPECT_EQ(encoded.image.error->kind(), ErrorKind::kInput);
  EXPECT_EQ(encoded.image.path, "name");
}

TEST(ImageQueue, RefusesWhatItCannotHoldAndGivesUpWhatComesTooLate) {
  testing::GatedEncoder encoder;
  encoder.close();
  ImageQueue queue(encoder, {1, 1, 8, 2, {}});
  auto first = std::async(std::launch::async,
                          [&] { return queue.encode("a", tiny_picture(), in(milliseconds(60000))); });
  encoder.wait_for_call();
  EXPECT_EQ(refused_status([&] { queue.encode("b", tiny_picture(), in(milliseconds(30))); }), 504);
  EXPECT_EQ(refused_status([&] { queue.encode("c", tiny_picture(), in(milliseconds(30))); }), 503);
  encoder.open();
  EXPECT_EQ(first.get().embedding.rows, 1);
  while (queue.counts().in_progress > 0) std::this_thread::sleep_for(milliseconds(1));  // "b" is let go
  EXPECT_FALSE(queue.prepare("d", tiny_picture(), in(milliseconds(60000))).error);
}

TEST(FairTurns, ThoseThatGiveWayTakeTurns) {
  FairTurns turns(4);
  std::string order;
  const auto take_steps = [&](char name) {  // each long enough for the other to come back and wait
    FairTurns::Turn turn(turns, in(milliseconds(60000)));
    for (int i = 0; i < 10; ++i) {
      order += name;
      std::this_thread::sleep_for(milliseconds(10));
      turn.give_way([] {});
    }
  };
  std::future<void> a;
  std::future<void> b;
  {
    const FairTurns::Turn turn(turns, in(milliseconds(60000)));
    a = std::async(std::launch::async, take_steps, 'a');
    b = std::async(std::launch::async, take_steps, 'b');
    while (turns.in_progress() < 3) std::this_thread::sleep_for(milliseconds(1));
    std::this_thread::sleep_for(milliseconds(20));
  }
  a.get();
  b.get();
  int changes = 0;
  for (size_t i = 1; i < order.size(); ++i) changes += order[i] != order[i - 1] ? 1 : 0;
  EXPECT_EQ(order.size(), 20U);
  EXPECT_GE(changes, 10) << order;  // 19 where the machine is not busy
  EXPECT_EQ(turns.in_progress(), 0U);
}

TEST(FairTurns, RefusesTooManyAndTooLate) {
  FairTurns turns(2);
  FairTurns::Turn turn(turns, in(milliseconds(60000)));
  EXPECT_EQ(refused_status([&] { FairTurns::Turn(turns, in(milliseconds(20))); }), 504);
  auto waiting =
      std::async(std::launch::async, [&] { const FairTurns::Turn second(turns, in(milliseconds(60000))); });
  while (turns.in_progress() < 2) std::this_thread::sleep_for(milliseconds(1));
  EXPECT_EQ(refused_status([&] { FairTurns::Turn(turns, in(milliseconds(20))); }), 503);
  EXPECT_THROW(turn.give_way([] { throw std::runtime_error("gone"); }), std::runtime_error);
  waiting.get();
}

}  // namespace
}  // namespace kiloword
