#include "serve/worker_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace kiloword {
namespace {

using Start = WorkerThreads::Start;

TEST(WorkerThreads, RunAsManyJobsAtATimeAsThereMayBe) {
  WorkerThreads workers(2);
  std::promise<void> gate;
  const std::shared_future<void> opened = gate.get_future().share();
  std::atomic<int> done{0};
  const auto job = [&done, opened] {
    opened.wait();
    ++done;
  };
  EXPECT_EQ(workers.run(job), Start::kStarted);
  EXPECT_EQ(workers.run(job), Start::kStarted);
  EXPECT_EQ(workers.run(job), Start::kAllBusy);
  gate.set_value();
  workers.finish();
  EXPECT_EQ(done, 2);
}

TEST(WorkerThreads, UseAThreadAgain) {
  WorkerThreads workers(1);
  for (int i = 0; i < 100; ++i) {
    std::promise<void> ran;
    while (workers.run([&ran] { ran.set_value(); }) != Start::kStarted) std::this_thread::yield();
    ran.get_future().wait();
  }
}

}  // namespace
}  // namespace kiloword
