#include "cli/output/batch_progress.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "support/temporary_folder.h"

namespace kiloword::cli {
namespace {

TEST(BatchProgress, TextGrowsWithWhatIsKnown) {
  EXPECT_EQ(progress_text({5, 0, 0, std::nullopt}, 2.5, 80), "5 done, 2.5 images/s");
  EXPECT_EQ(progress_text({500, 0, 0, 1000}, 2.5, 120),
            "[============>           ] 500 of 1,000 done, 2.5 images/s, 3 min 20 s left");
  EXPECT_EQ(progress_text({500, 3, 250, 1000}, 2.5, 0),
            "750 of 1,000 done, 2.5 images/s, 1 min 40 s left, 3 failed");
  EXPECT_EQ(progress_text({0, 0, 0, 0}, 0, 40), "[============] 0 of 0 done, 0.0 images/s");
  EXPECT_EQ(progress_text({12, 0, 0, 10}, 1, 40), "[==========] 12 of 10 done, 1.0 images/s")
      << "files were added";
}

TEST(BatchProgress, TheBarTakesTheRoomThatIsLeft) {
  const BatchState state{500, 1234567, 0, 1000};
  const std::string text = "500 of 1,000 done, 2.5 images/s, 3 min 20 s left, 1,234,567 failed";
  EXPECT_EQ(progress_text(state, 2.5, text.size() + 7), text);
  EXPECT_EQ(progress_text(state, 2.5, text.size() + 8), "[==>  ] " + text);
  EXPECT_EQ(progress_text(state, 2.5, 20), text.substr(0, 20));
}

TEST(BatchProgress, Durations) {
  EXPECT_EQ(duration_text(0.2), "0 s");
  EXPECT_EQ(duration_text(59.4), "59 s");
  EXPECT_EQ(duration_text(187), "3 min 07 s");
  EXPECT_EQ(duration_text(7500), "2 h 05 min");
  EXPECT_EQ(duration_text(1e7), "2777 h 46 min");
}

TEST(BatchProgress, NumbersAreGrouped) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(18446744073709551615U), "18,446,744,073,709,551,615");
}

TEST(InputCounter, CountsTheInputsOfTheShard) {
  const testing::TemporaryFolder folder;
  for (int i = 0; i < 30; ++i) folder.write("p" + std::to_string(i) + ".jpg", "");
  ListingOptions options;
  options.inputs = {folder.path().string()};
  uint64_t sum = 0;
  for (uint64_t number = 1; number <= 2; ++number) {
    options.shard = {number, 2};
    const InputCounter counter(options);
    while (!counter.total()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    sum += *counter.total();
  }
  EXPECT_EQ(sum, 30U);
}

}  // namespace
}  // namespace kiloword::cli
