// Runs that are cut off in every way, and then resumed.

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <thread>

#include "cli/batch_fixture.h"

namespace kiloword::testing {
namespace {

using ::testing::HasSubstr;
using BatchCrashTest = BatchTest;

void wait_ms(int ms) {
  std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

/// Whether the program has ended, although nobody has asked for its exit code yet.
bool has_ended(pid_t program) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(program), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
         info.si_pid != 0;
}

/// Waits until `file` has `size` bytes more than now, then sends `signals`, a moment apart.
std::function<void(pid_t)> signal_when_grown(const std::string& file, uintmax_t size,
                                             const std::vector<int>& signals) {
  return [=](pid_t program) {
    std::error_code ignored;
    const auto size_of = [&] {
      const auto now = std::filesystem::file_size(file, ignored);
      return ignored ? 0 : now;
    };
    const uintmax_t wanted = size_of() + size;
    while (size_of() < wanted && !has_ended(program)) wait_ms(1);
    for (const int signal : signals) {
      if (!has_ended(program)) ::kill(program, signal);
      wait_ms(100);  // two that are pending at the same time would be one
    }
  };
}

TEST_F(BatchCrashTest, KilledFiftyTimesAndResumedIsTheSameAsOneRun) {
  constexpr int kFiles = 2000;
  constexpr int kKills = 50;
  small_pictures(kFiles);
  folder_.write("in/3/broken.ppm", "P6 broken");
  ASSERT_EQ(batch("whole.jsonl").exit_code, 1);
  const uintmax_t size = std::filesystem::file_size(path("whole.jsonl"));
  std::mt19937 random(4);
  int killed = 0;
  for (int i = 0; i < kKills; ++i) {
    ProgramSetup setup;
    // Up to twice the average, so that the kills are spread over the whole output.
    const uintmax_t growth = random() % (2 * size / kKills);
    setup.meanwhile = signal_when_grown(path("killed.jsonl"), growth, {SIGKILL});
    if (batch("killed.jsonl", {"--resume"}, setup).exit_code == 128 + SIGKILL) ++killed;
  }
  EXPECT_GE(killed, kKills / 2);
  EXPECT_EQ(batch("killed.jsonl", {"--resume"}).exit_code, 1);
  EXPECT_EQ(rows("killed.jsonl"), rows("whole.jsonl"));
}

TEST_F(BatchCrashTest, OneInterruptFinishesWhatHasBegun) {
  small_pictures(1500);
  for (const int signal : {SIGINT, SIGTERM}) {
    ProgramSetup setup;
    setup.meanwhile = signal_when_grown(path("o.jsonl"), 5000, {signal});
    const ProgramResult result = batch("o.jsonl", {"--resume"}, setup);
    EXPECT_EQ(result.exit_code, 130);
    EXPECT_THAT(result.err, HasSubstr("interrupted, continue with --resume"));
    const size_t done = rows("o.jsonl").size();  // parses every line
    EXPECT_GT(done, 0U);
    EXPECT_LT(done, 1500U);
  }
  EXPECT_EQ(batch("o.jsonl", {"--resume"}).exit_code, 0);
  EXPECT_EQ(batch("whole.jsonl").exit_code, 0);
  EXPECT_EQ(rows("o.jsonl"), rows("whole.jsonl"));
}

TEST_F(BatchCrashTest, TheSecondInterruptLeavesAtOnceWithAValidFile) {
  small_pictures(3);
  ASSERT_EQ(::mkfifo(path("hang.ppm").c_str(), 0600), 0);
  ProgramSetup setup;
  setup.meanwhile = signal_when_grown(path("o.jsonl"), 500, {SIGINT, SIGINT});
  // The run cannot end: reading the pipe hangs.
  const ProgramResult result =
      run({"batch", path("in"), path("hang.ppm"), "-o", path("o.jsonl"), "--timeout-per-file", "0"}, setup);
  EXPECT_EQ(result.exit_code, 130);
  EXPECT_GT(rows("o.jsonl").size(), 0U);
}

TEST_F(BatchCrashTest, AFullDiskEndsTheRunWithWholeRowsAndCanBeResumed) {
  small_pictures(60);
  const std::string limited = "ulimit -f 16; exec '" KILOWORD_PROGRAM "' batch '" + path("in") + "' -o '" +
                              path("o.jsonl") + "'";  // 16 KiB
  ProgramSetup setup;
  setup.environment.emplace_back("XDG_CACHE_HOME", cache_folder());
  ASSERT_EQ(batch("whole.jsonl").exit_code, 0);  // and fills the cache of label embeddings
  const ProgramResult result = run_program({"bash", "-c", limited}, setup);
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_THAT(result.err, HasSubstr("cannot write: file too large"));
  EXPECT_GT(rows("o.jsonl").size(), 5U);
  EXPECT_EQ(batch("o.jsonl", {"--resume"}).exit_code, 0);
  EXPECT_EQ(rows("o.jsonl"), rows("whole.jsonl"));
}

TEST_F(BatchCrashTest, AHangingFileCostsItsOwnRowOnly) {
  small_pictures(20);
  ASSERT_EQ(::mkfifo(path("hang.ppm").c_str(), 0600), 0);
  const ProgramResult result =
      run({"batch", path("hang.ppm"), path("in"), "-o", path("o.jsonl"), "--timeout-per-file", "0.5"});
  EXPECT_EQ(result.exit_code, 1);
  const auto found = rows("o.jsonl");
  ASSERT_EQ(found.size(), 21U);
  EXPECT_THAT(found[0], HasSubstr("not read and decoded in time"));
  EXPECT_THAT(found[20], HasSubstr("\"status\":\"ok\""));
}

TEST_F(BatchCrashTest, AFileThatVanishesAfterListingCostsItsOwnRowOnly) {
  ASSERT_EQ(::mkfifo(path("slow.ppm").c_str(), 0600), 0);
  small_picture("gone.ppm", 1);
  small_picture("last.ppm", 2);
  ProgramSetup setup;
  setup.meanwhile = [this](pid_t) {
    std::ofstream slow(path("slow.ppm"));  // opens when the program reads it, so after the listing began
    wait_ms(300);
    std::filesystem::remove(path("gone.ppm"));
  };
  const ProgramResult result = run({"batch", path("slow.ppm"), path("gone.ppm"), path("last.ppm"), "-o",
                                    path("o.jsonl"), "--threads", "1"},
                                   setup);
  EXPECT_EQ(result.exit_code, 1);
  const auto found = rows("o.jsonl");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_THAT(found[0], HasSubstr("empty"));
  EXPECT_THAT(found[1], HasSubstr("no such file or directory"));
  EXPECT_THAT(found[2], HasSubstr("\"status\":\"ok\""));
}

TEST_F(BatchCrashTest, ASecondWriterIsRefused) {
  ASSERT_EQ(::mkfifo(path("slow.ppm").c_str(), 0600), 0);
  ProgramResult second;
  ProgramSetup setup;
  setup.meanwhile = [&](pid_t) {
    std::ofstream slow(path("slow.ppm"));
    second = batch("o.jsonl", {"--resume"});
  };
  small_pictures(1);
  const ProgramResult first = run({"batch", path("slow.ppm"), path("in"), "-o", path("o.jsonl")}, setup);
  EXPECT_EQ(first.exit_code, 1);
  EXPECT_EQ(second.exit_code, 4);
  EXPECT_THAT(second.err, HasSubstr("another process is writing it"));
  EXPECT_EQ(rows("o.jsonl").size(), 2U);
}

}  // namespace
}  // namespace kiloword::testing
