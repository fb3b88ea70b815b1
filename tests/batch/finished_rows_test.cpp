#include "kiloword/batch/finished_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "batch/rows.h"
#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::content;
using testing::input;
using testing::row;

class FinishedRowsTest : public ::testing::Test {
 protected:
  /// Resumes the output `old` over `inputs`: what has no row gets one that says "new".
  std::string resume(const std::string& old, const std::vector<BatchInput>& inputs, bool retry_errors = false,
                     bool ordered = true) {
    const std::string path = folder_.write("o.jsonl", old).string();
    OutputFile output(path, ExistingOutput::kResume);
    FinishedRows finished(output, "run", retry_errors);
    for (const BatchInput& one : inputs) {
      if (!finished.keep(one)) output.write(row(one, "run", "new"));
    }
    count_ = finished.count();
    finished.settle(ordered);
    return content(path);
  }

  testing::TemporaryFolder folder_;
  FinishedRowsCount count_;
};

const BatchInput kA = input(0, "a.jpg");
const BatchInput kB = input(1, "b.jpg");
const BatchInput kC = input(2, "c.jpg");

TEST_F(FinishedRowsTest, KeepsWhatIsDoneAndGoesOn) {
  EXPECT_EQ(resume(row(kA, "run") + row(kB, "run"), {kA, kB, kC}),
            row(kA, "run") + row(kB, "run") + row(kC, "run", "new"));
  EXPECT_EQ(count_.kept, 2U);
}

TEST_F(FinishedRowsTest, NothingAndEverythingDone) {
  EXPECT_EQ(resume("", {kA}), row(kA, "run", "new"));
  const std::string all = row(kA, "run") + row(kB, "run");
  EXPECT_EQ(resume(all, {kA, kB}), all);
}

TEST_F(FinishedRowsTest, ATornEndIsMadeAgain) {
  const std::string b = row(kB, "run");
  for (size_t size = 0; size < b.size(); size += 7) {
    EXPECT_EQ(resume(row(kA, "run") + b.substr(0, size), {kA, kB}), row(kA, "run") + row(kB, "run", "new"))
        << size;
  }
  EXPECT_EQ(resume(b.substr(0, 20), {kB}), row(kB, "run", "new"));
}

TEST_F(FinishedRowsTest, WhatAnEarlierVersionLeftIsRemovedWhereNothingIsLost) {
  const std::string both = row(kA, "run") + row(kB, "run");
  const auto write = [this](const char* name, const std::string& text, mode_t mode = 0600) {
    ::chmod(folder_.write(name, text).c_str(), mode);
  };
  write("o.jsonl.aB3xYz", row(kB, "run") + row(kA, "run").substr(0, 9));  // killed while it wrote
  write("o.jsonl.Q00000", row(kA, "run"));                                // likelier a version's name
  write("o.jsonl.a0R7q1", row(kA, "run") + row(kC, "run"));               // has a row that the output lacks
  write("o.jsonl.b0R7q1", "notes\n");
  write("o.jsonl.c0R7q1", row(kA, "run"), 0644);
  write("o.jsonl.backup", row(kA, "run"));
  write("p.jsonl.aB3xYz", row(kA, "run"));
  EXPECT_EQ(resume(both, {kA, kB}), both);
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    left.push_back(entry.path().filename());
  EXPECT_THAT(left,
              ::testing::UnorderedElementsAre("o.jsonl", "o.jsonl.Q00000", "o.jsonl.a0R7q1", "o.jsonl.b0R7q1",
                                              "o.jsonl.c0R7q1", "o.jsonl.backup", "p.jsonl.aB3xYz"));
}

TEST_F(FinishedRowsTest, AnotherSizeTimeOrRunIsMadeAgainInItsPlace) {
  for (const BatchInput& changed : {input(0, "a.jpg", 11), input(0, "a.jpg", 10, 6)}) {
    EXPECT_EQ(resume(row(kA, "run") + row(kB, "run"), {changed, kB}),
              row(changed, "run", "new") + row(kB, "run"));
  }
  EXPECT_EQ(resume(row(kA, "other run") + row(kB, "run"), {kA, kB}), row(kA, "run", "new") + row(kB, "run"));
}

TEST_F(FinishedRowsTest, ErrorRowsAreKeptUnlessTheyAreToBeTriedAgain) {
  const std::string old = row(kA, "run", "failed") + row(kB, "run");
  EXPECT_EQ(resume(old, {kA, kB}), old);
  EXPECT_EQ(count_.kept_failed, 1U);
  EXPECT_EQ(resume(old, {kA, kB}, true), row(kA, "run", "new") + row(kB, "run"));
}

TEST_F(FinishedRowsTest, ARetryThatWasCutOffLeavesTheBetterRow) {
  const std::string old = row(kA, "run", "failed") + row(kB, "run") + row(kA, "run", "second try");
  EXPECT_EQ(resume(old, {kA, kB, kC}), row(kA, "run", "second try") + row(kB, "run") + row(kC, "run", "new"));
}

TEST_F(FinishedRowsTest, NewFilesBetweenOldOnesMoveTheIndices) {
  const std::string old = row(kA, "run") + row(input(1, "c.jpg"), "run");
  EXPECT_EQ(resume(old, {kA, kB, kC}), row(kA, "run") + row(kB, "run", "new") + row(kC, "run"));
}

TEST_F(FinishedRowsTest, RowsOfInputsThatAreNotListedAnyMoreAreKeptBehind) {
  const std::string old = row(kA, "run") + row(kB, "run") + row(kC, "run");
  EXPECT_EQ(resume(old, {kA, input(1, "c.jpg")}),
            row(kA, "run") + row(input(1, "c.jpg"), "run") + row(input(2, "b.jpg"), "run"));
  EXPECT_EQ(count_.unlisted, 1U);
}

TEST_F(FinishedRowsTest, APathListedTwiceHasTwoRows) {
  const std::string old = row(kA, "run");
  const BatchInput again = input(1, "a.jpg");
  EXPECT_EQ(resume(old, {kA, again}), row(kA, "run") + row(again, "run", "new"));
  EXPECT_EQ(resume(row(kA, "run") + row(again, "run"), {kA, again}), row(kA, "run") + row(again, "run"));
}

TEST_F(FinishedRowsTest, UnorderedKeepsTheOrderOfTheFile) {
  const std::string old = row(kC, "run") + row(kB, "other run");
  EXPECT_EQ(resume(old, {kA, kB, kC}, false, false),
            row(kC, "run") + row(kA, "run", "new") + row(kB, "run", "new"));
}

TEST_F(FinishedRowsTest, BrokenLinesAmongRowsAreDropped) {
  EXPECT_EQ(
      resume(row(kA, "run") + "{\"schema\":1}\n" + std::string(30, '\0') + "\n" + row(kB, "run"), {kA, kB}),
      row(kA, "run") + row(kB, "run"));
  EXPECT_EQ(count_.broken, 2U);
}

/// A row of `of` that states its shard.
std::string marked_row(const BatchInput& of, const Shard& shard) {
  return batch_row(R"({"schema":1,"path":")" + of.path + R"(","status":"ok"})", of, "run", shard) + "\n";
}

TEST_F(FinishedRowsTest, AnotherShardIsRefusedAndNothingTouched) {
  const std::string whole = row(kA, "run") + row(kB, "run") + row(kC, "run") + "{\"torn";
  for (const std::string& old : {marked_row(kA, {2, 4}) + "{\"torn", whole}) {
    const std::string path = folder_.write("o.jsonl", old).string();
    OutputFile output(path, ExistingOutput::kResume);
    EXPECT_THROW(FinishedRows(output, "run", false, Shard{2, 8}), Error);
    EXPECT_EQ(content(path), old);
  }
  const std::string path = folder_.write("o.jsonl", marked_row(kA, {2, 4})).string();
  OutputFile output(path, ExistingOutput::kResume);
  EXPECT_THROW(FinishedRows(output, "run", false), Error) << "part of a whole is not the whole";
  EXPECT_NO_THROW(FinishedRows(output, "run", false, Shard{2, 4}));
}

TEST_F(FinishedRowsTest, RowsOfOtherShardsAreDropped) {
  const Shard ours{1, 3};
  const std::string path =
      folder_.write("o.jsonl", marked_row(kA, ours) + marked_row(kB, {1, 2}) + marked_row(kC, {2, 3}))
          .string();
  OutputFile output(path, ExistingOutput::kResume);
  FinishedRows finished(output, "run", false, ours);
  EXPECT_TRUE(finished.keep(kA));
  EXPECT_FALSE(finished.keep(kB));
  EXPECT_EQ(finished.count().foreign, 2U);
  finished.settle(true);
  EXPECT_EQ(content(path), marked_row(kA, ours));
}

TEST_F(FinishedRowsTest, PathsThatAreNotUtf8AreKnownExactly) {
  BatchInput odd = input(0, "a\xFF.jpg");
  const std::string record = R"({"schema":1,"path":"a\ufffd.jpg","path_base64":"Yf8uanBn","status":"ok"})";
  const std::string old = batch_row(record, odd, "run") + "\n";
  EXPECT_EQ(resume(old, {odd}), old);
  EXPECT_EQ(count_.kept, 1U);
  const std::string path = folder_.write("o.jsonl", old).string();
  OutputFile output(path, ExistingOutput::kResume);
  EXPECT_FALSE(FinishedRows(output, "run", false).keep(input(0, "a\xFE.jpg")));
}

TEST_F(FinishedRowsTest, FilesOfOthersAreLeftAlone) {
  for (const std::string foreign :
       {"hello", "\xFF\xD8\xFF\xE0 JFIF", "{\"a\":1}\n", "{\"schema\":1,\"x\":2}\n"}) {
    const std::string path = folder_.write("foreign", foreign).string();
    OutputFile output(path, ExistingOutput::kResume);
    EXPECT_THROW(FinishedRows(output, "run", false), Error) << foreign;
    EXPECT_EQ(content(path), foreign);
  }
}

TEST_F(FinishedRowsTest, TheReplacedFileStaysLocked) {
  const std::string path = folder_.write("o.jsonl", row(kB, "run") + row(kA, "run")).string();
  OutputFile output(path, ExistingOutput::kResume);
  FinishedRows finished(output, "run", false);
  EXPECT_TRUE(finished.keep(kA));
  EXPECT_TRUE(finished.keep(kB));
  finished.settle(true);
  EXPECT_EQ(content(path), row(kA, "run") + row(kB, "run"));
  EXPECT_THROW(OutputFile(path, ExistingOutput::kResume), Error);
}

}  // namespace
}  // namespace kiloword
