// Folders that are watched: real files that come, go and change while the program runs.

#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "cli/batch_fixture.h"

namespace kiloword::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class BatchFollowTest : public BatchTest {
 protected:
  void SetUp() override { std::filesystem::create_directories(path("in")); }

  std::vector<std::string> names(const std::string& output) const {
    std::vector<std::string> names;
    for (const std::string& line : lines_of(content(output))) {
      names.push_back(
          std::filesystem::relative(std::string(nlohmann::json::parse(line)["path"]), path("in")));
    }
    return names;
  }

  /// Waits until the output has `count` rows, half a minute at most.
  void await_rows(const std::string& output, size_t count) const {
    for (int i = 0; i < 600 && lines_of(content(output)).size() < count; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }

  static ProgramSetup meanwhile(std::function<void(pid_t)> what) {
    ProgramSetup setup;
    setup.meanwhile = std::move(what);
    return setup;
  }
};

TEST_F(BatchFollowTest, CaptionsWhatIsThereAndWhatArrives) {
  small_picture("in/first.ppm", 1);
  const ProgramResult result = batch("o.jsonl", {"--follow"}, meanwhile([this](pid_t program) {
                                       await_rows("o.jsonl", 1);
                                       small_picture("in/new/second.ppm", 2);
                                       small_picture("aside/third.ppm", 3);
                                       std::filesystem::rename(path("aside/third.ppm"), path("in/third.ppm"));
                                       folder_.write("in/notes.txt", "no image");
                                       await_rows("o.jsonl", 3);
                                       ::kill(program, SIGTERM);
                                     }));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(names("o.jsonl"), UnorderedElementsAre("first.ppm", "new/second.ppm", "third.ppm"));
  EXPECT_THAT(result.err, HasSubstr("3 captioned, 0 failed"));

  small_picture("in/while_away.ppm", 4);
  const ProgramResult again = batch("o.jsonl", {"--follow", "--resume"}, meanwhile([this](pid_t program) {
                                      await_rows("o.jsonl", 4);
                                      ::kill(program, SIGTERM);
                                    }));
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("1 captioned, 0 failed, 3 kept"));
}

TEST_F(BatchFollowTest, AFolderThatIsGoneEndsTheRunWithALine) {
  small_picture("in/first.ppm", 1);
  const ProgramResult result = batch("o.jsonl", {"--follow"}, meanwhile([this](pid_t) {
                                       await_rows("o.jsonl", 1);
                                       std::filesystem::remove_all(path("in"));
                                     }));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("the watched folder no longer exists"));
  EXPECT_EQ(lines_of(content("o.jsonl")).size(), 1U);
}

TEST_F(BatchFollowTest, ErrorsAreToldAndCanBeOk) {
  folder_.write("in/bad.jpg", "bad");
  const auto end_after_a_row = [this](const std::string& output) {
    return meanwhile([this, output](pid_t program) {
      await_rows(output, 1);
      ::kill(program, SIGTERM);
    });
  };
  EXPECT_EQ(batch("a.jsonl", {"--follow"}, end_after_a_row("a.jsonl")).exit_code, 1);
  EXPECT_EQ(batch("b.jsonl", {"--follow", "--errors-ok"}, end_after_a_row("b.jsonl")).exit_code, 0);
}

TEST_F(BatchFollowTest, FoldersAloneCanBeFollowed) {
  small_picture("in/first.ppm", 1);
  const ProgramResult file = run({"batch", path("in/first.ppm"), "--follow", "-o", path("o.jsonl")});
  EXPECT_EQ(file.exit_code, 2);
  EXPECT_THAT(file.err, HasSubstr("is not a folder"));
  EXPECT_EQ(run({"batch", "--files-from", "-", "--follow", "-o", path("o.jsonl")}).exit_code, 2);
}

TEST_F(BatchFollowTest, ErrorsCanBeOkInBatchesAndMerges) {
  small_pictures(3);
  folder_.write("in/1/bad.jpg", "bad");
  EXPECT_EQ(batch("all.jsonl").exit_code, 1);
  EXPECT_EQ(batch("all.jsonl", {"--overwrite", "--errors-ok"}).exit_code, 0);
  for (const char* shard : {"1/2", "2/2"}) {
    EXPECT_EQ(batch("s" + std::string(shard, 1), {"--shard", shard, "--errors-ok"}).exit_code, 0);
  }
  EXPECT_EQ(run({"merge", path("s1"), path("s2"), "-o", path("m.jsonl")}).exit_code, 1);
  EXPECT_EQ(
      run({"merge", path("s1"), path("s2"), "-o", path("m.jsonl"), "--overwrite", "--errors-ok"}).exit_code,
      0);
  EXPECT_EQ(run({"merge", path("s1"), "-o", path("n.jsonl"), "--errors-ok"}).exit_code, 1)
      << "a shard is missing";
  std::filesystem::remove_all(path("in"));
  std::filesystem::create_directories(path("in"));
  EXPECT_EQ(batch("none.jsonl", {"--errors-ok"}).exit_code, 1) << "no image at all";
}

TEST_F(BatchFollowTest, RunsOfTheirOwnMerge) {
  small_pictures(5);
  for (const char* part : {"0", "1", "2"}) {
    EXPECT_EQ(run({"batch", path("in/" + std::string(part)), "-o", path(part)}).exit_code, 0);
  }
  EXPECT_EQ(run({"merge", "--runs", path("2"), path("0"), path("1"), "-o", path("m.jsonl")}).exit_code, 0);
  std::vector<std::string> merged;
  for (const std::string& line : rows("m.jsonl")) {
    const auto row = nlohmann::json::parse(line);
    EXPECT_EQ(row["index"], merged.size());
    merged.push_back(std::filesystem::relative(std::string(row["path"]), path("in")));
  }
  EXPECT_THAT(merged, ::testing::ElementsAre("2/000002.ppm", "0/000000.ppm", "1/000001.ppm"));
  folder_.write("torn", "{\"schema\":1,\"pa");
  EXPECT_EQ(run({"merge", "--runs", path("torn"), "-o", path("n.jsonl")}).exit_code, 1);
}

}  // namespace
}  // namespace kiloword::testing
