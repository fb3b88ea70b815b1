#include "kiloword/batch/batch_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "batch/list_source.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using testing::KeptRows;
using testing::ListSource;
using testing::numbered;

/// The work of a run in which nothing is done: a row is the path of its input.
BatchWork plain_work() {
  BatchWork work;
  work.prepare = [](const BatchInput& input, const ReserveMemory& /*reserve*/) {
    PreparedImage image;
    image.path = input.path;
    image.error = input.error;
    return image;
  };
  work.finish = [](const std::vector<BatchInput>& inputs, const std::vector<PreparedImage>& images) {
    std::vector<MadeRow> rows;
    for (size_t i = 0; i < inputs.size(); ++i) {
      rows.push_back({inputs[i].path + (images[i].error ? "!" : ""), images[i].error.has_value()});
    }
    return rows;
  };
  return work;
}

std::string lines(const std::vector<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths) text += path + "\n";
  return text;
}

/// A gate that threads wait at until it is opened.
class Gate {
 public:
  void open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    opened_.wait(lock, [&] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

TEST(BatchRun, RowsStandInTheOrderOfInputsWhateverTheWorkersAndTheBatch) {
  const std::vector<std::string> paths = numbered("p", 500);
  for (const int workers : {1, 2, 7}) {
    for (const size_t batch : {size_t{1}, size_t{3}, size_t{64}}) {
      BatchWork work = plain_work();
      work.prepare = [prepare = work.prepare](const BatchInput& input, const ReserveMemory& reserve) {
        if (input.index % 50 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        return prepare(input, reserve);
      };
      KeptRows sink;
      RowQueue rows(sink, true);
      BatchRunOptions options;
      options.workers = workers;
      options.images_per_call = batch;
      const BatchRunResult result = run_batch(std::make_shared<ListSource>(paths), work, rows, options);
      EXPECT_EQ(sink.text, lines(paths));
      EXPECT_EQ(result.done, 500U);
      EXPECT_EQ(result.failed, 0U);
      EXPECT_FALSE(result.threads_left);
      EXPECT_FALSE(result.failure);
    }
  }
}

TEST(BatchRun, UnorderedRowsAreTheSameRows) {
  const std::vector<std::string> paths = numbered("p", 200);
  KeptRows sink;
  RowQueue rows(sink, false);
  BatchRunOptions options;
  options.workers = 4;
  run_batch(std::make_shared<ListSource>(paths), plain_work(), rows, options);
  std::multiset<std::string> found;
  for (size_t begin = 0; begin < sink.text.size();) {
    const size_t end = sink.text.find('\n', begin);
    found.insert(sink.text.substr(begin, end - begin));
    begin = end + 1;
  }
  EXPECT_EQ(found, std::multiset<std::string>(paths.begin(), paths.end()));
}

TEST(BatchRun, NoInputsNoRows) {
  KeptRows sink;
  RowQueue rows(sink, true);
  const BatchRunResult result =
      run_batch(std::make_shared<ListSource>(std::vector<std::string>()), plain_work(), rows, {});
  EXPECT_EQ(result.done, 0U);
  EXPECT_EQ(sink.text, "");
}

TEST(BatchRun, ImagesShareCallsUpToTheBatchSize) {
  std::mutex mutex;
  std::vector<size_t> sizes;
  BatchWork work = plain_work();
  work.finish = [&, finish = work.finish](const std::vector<BatchInput>& inputs,
                                          const std::vector<PreparedImage>& images) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // in which further inputs are listed
    const std::lock_guard<std::mutex> lock(mutex);
    sizes.push_back(inputs.size());
    return finish(inputs, images);
  };
  KeptRows sink;
  RowQueue rows(sink, true);
  BatchRunOptions options;
  options.images_per_call = 4;
  run_batch(std::make_shared<ListSource>(numbered("p", 10)), work, rows, options);
  EXPECT_EQ(*std::max_element(sizes.begin(), sizes.end()), 4U);
}

TEST(BatchRun, AnInputThatHangsGetsItsErrorRowAndHoldsUpNothing) {
  const auto gate = std::make_shared<Gate>();
  const auto ended = std::make_shared<std::atomic<int>>(0);
  BatchWork work = plain_work();
  work.prepare = [gate, ended, prepare = work.prepare](const BatchInput& input,
                                                       const ReserveMemory& reserve) {
    if (input.index == 3 || input.index == 4) {
      gate->wait();
      ++*ended;
    }
    return prepare(input, reserve);
  };
  KeptRows sink;
  RowQueue rows(sink, true);
  BatchRunOptions options;
  options.workers = 2;  // both hang
  options.timeout_s = 0.2;
  const BatchRunResult result =
      run_batch(std::make_shared<ListSource>(numbered("p", 100)), work, rows, options);
  std::vector<std::string> expected = numbered("p", 100);
  expected[3] += "!";
  expected[4] += "!";
  EXPECT_EQ(sink.text, lines(expected));
  EXPECT_EQ(result.failed, 2U);
  EXPECT_TRUE(result.threads_left);
  gate->open();  // threads that come back late change nothing
  while (*ended < 2) std::this_thread::yield();
  EXPECT_EQ(sink.text, lines(expected));
}

TEST(BatchRun, ASlowInputDoesNotKeepOthersFromBeingDone) {
  Gate gate;
  std::atomic<int> finished{0};
  BatchWork work = plain_work();
  work.prepare = [&, prepare = work.prepare](const BatchInput& input, const ReserveMemory& reserve) {
    if (input.index == 0) gate.wait();
    return prepare(input, reserve);
  };
  work.finish = [&, finish = work.finish](const std::vector<BatchInput>& inputs,
                                          const std::vector<PreparedImage>& images) {
    finished += static_cast<int>(inputs.size());
    if (finished >= 99) gate.open();
    return finish(inputs, images);
  };
  KeptRows sink;
  RowQueue rows(sink, true);
  BatchRunOptions options;
  options.workers = 2;
  run_batch(std::make_shared<ListSource>(numbered("p", 100)), work, rows, options);
  EXPECT_EQ(sink.text, lines(numbered("p", 100)));
}

TEST(BatchRun, StopFinishesWhatHasBegun) {
  std::atomic<uint64_t> prepared{0};
  BatchWork work = plain_work();
  work.prepare = [&, prepare = work.prepare](const BatchInput& input, const ReserveMemory& reserve) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ++prepared;
    return prepare(input, reserve);
  };
  KeptRows sink;
  RowQueue rows(sink, true);
  BatchRunOptions options;
  options.workers = 2;
  options.stop = [&] { return prepared > 20; };
  const BatchRunResult result =
      run_batch(std::make_shared<ListSource>(numbered("p", 100000)), work, rows, options);
  EXPECT_TRUE(result.stopped);
  EXPECT_FALSE(result.failure);
  EXPECT_EQ(result.done, prepared);
  EXPECT_EQ(sink.text, lines(numbered("p", result.done)));
}

TEST(BatchRun, WhatTheWorkThrowsEndsTheRun) {
  BatchWork work = plain_work();
  work.finish = [finish = work.finish](const std::vector<BatchInput>& inputs,
                                       const std::vector<PreparedImage>& images) {
    for (const BatchInput& input : inputs) {
      if (input.index == 50) throw Error(ErrorKind::kModel, "broken");
    }
    return finish(inputs, images);
  };
  KeptRows sink;
  RowQueue rows(sink, true);
  BatchRunOptions options;
  options.workers = 3;
  options.images_per_call = 1;
  const BatchRunResult result =
      run_batch(std::make_shared<ListSource>(numbered("p", 10000)), work, rows, options);
  ASSERT_TRUE(result.failure);
  EXPECT_THROW(std::rethrow_exception(result.failure), Error);
  EXPECT_LT(result.done, 10000U);
  EXPECT_EQ(static_cast<uint64_t>(std::count(sink.text.begin(), sink.text.end(), '\n')), result.done)
      << "what was done is written";
}

TEST(BatchRun, NothingIsWrittenAfterAFailureToWrite) {
  class Full : public KeptRows {
   public:
    void write(std::string_view rows) override {
      if (text.size() > 100) throw Error(ErrorKind::kOutput, "full");
      KeptRows::write(rows);
    }
  };
  Full sink;
  RowQueue rows(sink, true);
  BatchRunOptions options;
  options.workers = 3;
  const BatchRunResult result =
      run_batch(std::make_shared<ListSource>(numbered("p", 10000)), plain_work(), rows, options);
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(lines(numbered("p", 10000)).rfind(sink.text, 0), 0U) << "rows without a gap";
}

TEST(BatchRun, WhatTheListingThrowsEndsTheRunAfterWhatIsDone) {
  class Broken : public ListSource {
   public:
    Broken() : ListSource(numbered("p", 5)) {}
    std::optional<BatchInput> next() override {
      auto input = ListSource::next();
      if (!input) throw Error(ErrorKind::kInput, "list broken");
      return input;
    }
  };
  KeptRows sink;
  RowQueue rows(sink, true);
  const BatchRunResult result = run_batch(std::make_shared<Broken>(), plain_work(), rows, {});
  EXPECT_TRUE(result.failure);
}

TEST(BatchRun, TheListingRunsAheadByABoundedNumber) {
  class Counting : public ListSource {
   public:
    Counting() : ListSource(numbered("p", 20000)) {}
    std::optional<BatchInput> next() override {
      ++listed;
      return ListSource::next();
    }
    std::atomic<uint64_t> listed{0};
  };
  const auto source = std::make_shared<Counting>();
  std::atomic<uint64_t> prepared{0};
  std::atomic<uint64_t> furthest{0};
  BatchWork work = plain_work();
  work.prepare = [&, prepare = work.prepare](const BatchInput& input, const ReserveMemory& reserve) {
    const uint64_t ahead = source->listed - ++prepared;
    if (ahead > furthest) furthest = ahead;
    return prepare(input, reserve);
  };
  KeptRows sink;
  RowQueue rows(sink, true);
  run_batch(source, work, rows, {});
  EXPECT_LE(furthest, 1100U);
}

}  // namespace
}  // namespace kiloword
