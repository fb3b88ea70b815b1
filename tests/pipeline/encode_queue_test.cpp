#include "kiloword/pipeline/encode_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using std::chrono::milliseconds;
using Tasks = std::vector<EncodeQueue::TaskPointer>;

EncodeQueue::TaskPointer task(std::function<PreparedImage(const ReserveMemory&)> prepare) {
  auto made = std::make_shared<EncodeTask>();
  made->path = "image";
  made->prepare = std::move(prepare);
  return made;
}

void run_to_end(EncodeQueue& queue) {
  queue.end();
  while (!queue.wait_for_end(milliseconds(20))) {
  }
}

TEST(EncodeQueue, DecodedPixelsStayWithinTheBudgetAndALargerImageIsDecodedAlone) {
  EncodeQueueOptions options;
  options.workers = 8;
  options.memory_bytes = 100;
  std::atomic<int> finished{0};
  std::atomic<int64_t> held{0};
  std::atomic<bool> exceeded{false};
  EncodeQueue queue(options, [&](const Tasks& tasks) { finished += static_cast<int>(tasks.size()); });
  for (int i = 0; i < 60; ++i) {
    const int64_t bytes = i % 10 == 0 ? 500 : 30;
    queue.add(task([&, bytes](const ReserveMemory& reserve) {
      reserve(static_cast<uint64_t>(bytes));
      const int64_t now = held += bytes;
      if (now > 100 && now != bytes) exceeded = true;
      std::this_thread::sleep_for(milliseconds(1));
      held -= bytes;
      return PreparedImage();
    }));
  }
  run_to_end(queue);
  EXPECT_EQ(finished, 60);
  EXPECT_FALSE(exceeded);
}

TEST(EncodeQueue, WhatHangsGivesItsMemoryBack) {
  std::mutex mutex;
  std::condition_variable opened;
  bool open = false;
  std::atomic<int> failed{0};
  std::atomic<int> good{0};
  EncodeQueueOptions options;
  options.memory_bytes = 10;
  EncodeQueue queue(options, [&](const Tasks& tasks) {
    for (const auto& one : tasks) ++(one->image.error ? failed : good);
  });
  queue.add(task([&](const ReserveMemory& reserve) {
    reserve(10);
    std::unique_lock<std::mutex> lock(mutex);
    opened.wait(lock, [&] { return open; });
    return PreparedImage();
  }));
  queue.add(task([](const ReserveMemory& reserve) {
    reserve(10);
    return PreparedImage();
  }));
  queue.end();
  while (!queue.wait_for_end(milliseconds(10))) queue.give_up_slow(milliseconds(50));
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(good, 1);
  const std::lock_guard<std::mutex> lock(mutex);
  open = true;
  opened.notify_all();
}

TEST(EncodeQueue, AtMostSoManyCallsAtTheSameTime) {
  EncodeQueueOptions options;
  options.workers = 6;
  options.calls = 2;
  options.images_per_call = 1;
  std::atomic<int> calls{0};
  std::atomic<int> most{0};
  EncodeQueue queue(options, [&](const Tasks&) {
    const int now = ++calls;
    int seen = most;
    while (now > seen && !most.compare_exchange_weak(seen, now)) {
    }
    std::this_thread::sleep_for(milliseconds(1));
    --calls;
  });
  for (int i = 0; i < 40; ++i) queue.add(task([](const ReserveMemory&) { return PreparedImage(); }));
  run_to_end(queue);
  EXPECT_LE(most, 2);
}

TEST(EncodeQueue, WhatIsNotToBeEncodedIsFinishedAlone) {
  EncodeQueueOptions options;
  options.images_per_call = 100;
  std::vector<size_t> sizes;
  EncodeQueue queue(options, [&](const Tasks& tasks) { sizes.push_back(tasks.size()); });
  for (int i = 0; i < 4; ++i) {
    const auto one = task([i](const ReserveMemory&) {
      PreparedImage image;
      if (i == 1) image.error = Error(ErrorKind::kInput, "bad");
      if (i == 2) throw Error(ErrorKind::kInternal, "thrown");
      return image;
    });
    one->encoded = i != 3;
    queue.add(one);
  }
  run_to_end(queue);
  EXPECT_EQ(sizes, (std::vector<size_t>{1, 1, 1, 1}));
}

TEST(EncodeQueue, RefusesMoreThanItsCapacity) {
  EncodeQueueOptions options;
  std::mutex closed;
  std::unique_lock<std::mutex> lock(closed);
  EncodeQueue queue(options, [](const Tasks&) {});
  const auto wait = [&closed](const ReserveMemory&) {
    const std::lock_guard<std::mutex> gate(closed);
    return PreparedImage();
  };
  EXPECT_TRUE(queue.try_add(task(wait), 2));
  EXPECT_TRUE(queue.try_add(task(wait), 2));
  EXPECT_FALSE(queue.try_add(task(wait), 2));
  EXPECT_EQ(queue.in_progress(), 2U);
  lock.unlock();
  run_to_end(queue);
  EXPECT_EQ(queue.in_progress(), 0U);
}

TEST(EncodeQueue, WhatFinishThrowsEndsTheQueue) {
  EncodeQueue queue({}, [](const Tasks&) { throw Error(ErrorKind::kModel, "broken"); });
  queue.add(task([](const ReserveMemory&) { return PreparedImage(); }));
  run_to_end(queue);
  EXPECT_TRUE(queue.failure());
  EXPECT_FALSE(queue.add(task([](const ReserveMemory&) { return PreparedImage(); })));
}

}  // namespace
}  // namespace kiloword
