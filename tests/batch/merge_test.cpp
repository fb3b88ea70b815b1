#include "kiloword/batch/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "batch/rows.h"
#include "batch/shard_files.h"
#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::content;
using ::testing::HasSubstr;
using testing::input;
using testing::row;

class MergeTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  /// A finished shard with rows of the inputs with these indices.
  std::string shard(uint64_t number, uint64_t count, const std::vector<uint64_t>& indices,
                    uint64_t inputs = 5, const std::string& run = "run", uint64_t checksum = 77) const {
    std::string rows;
    for (const uint64_t index : indices) rows += row(numbered(index), run);
    std::string file = folder_.write("s" + std::to_string(number), rows).string();
    write_shard_mark(file, {number, count}, {inputs, indices.size(), checksum}, run);
    return file;
  }

  static BatchInput numbered(uint64_t index) { return input(index, "p" + std::to_string(index)); }

  std::string error_of(const std::vector<std::string>& shards) const {
    try {
      merge_shards(shards, path("merged"), false);
      return "no error";
    } catch (const Error& error) {
      EXPECT_FALSE(std::filesystem::exists(path("merged")));
      return error.what();
    }
  }

  testing::TemporaryFolder folder_;
};

TEST_F(MergeTest, RowsStandInTheOrderOfTheListing) {
  const std::vector<std::string> shards{shard(2, 3, {4, 1}), shard(1, 3, {0, 3}), shard(3, 3, {2})};
  const MergeCount count = merge_shards(shards, path("merged"), false);
  EXPECT_EQ(count.rows, 5U);
  std::string expected;
  for (uint64_t i = 0; i < 5; ++i) expected += row(numbered(i), "run");
  EXPECT_EQ(content(path("merged")), expected);
}

TEST_F(MergeTest, TellsOfItsProgress) {
  const std::vector<std::string> shards{shard(2, 2, {4, 1}), shard(1, 2, {0, 3, 2})};
  std::vector<std::string> told;
  merge_shards(shards, path("merged"), false, [&](const std::string& task, int64_t done, int64_t total) {
    told.push_back(task + " " + std::to_string(done) + "/" + std::to_string(total));
  });
  EXPECT_THAT(told, ::testing::ElementsAre("outputs read 1/2", "outputs read 2/2", "rows written 5/5"));
}

TEST_F(MergeTest, WhatIsMissingIsNamed) {
  const std::string first = shard(1, 2, {0, 1, 2});
  EXPECT_THAT(error_of({first}), HasSubstr("shard 2/2 is missing"));
  const std::string second = shard(2, 2, {4});
  EXPECT_THAT(error_of({first, second}), HasSubstr("input number 3 has no row"));
  shard(2, 2, {3});
  EXPECT_THAT(error_of({first, second}), HasSubstr("input number 4 has no row"));
  folder_.write("s2", row(numbered(3), "run") + row(numbered(4), "run") + row(numbered(4), "old run"));
  EXPECT_THAT(error_of({first, second}), HasSubstr("input number 4 has more than one row"));
  remove_shard_mark(second);
  EXPECT_THAT(error_of({first, second}), HasSubstr("a whole run, not of a shard"));
  folder_.write("s2", "");
  EXPECT_THAT(error_of({first, second}), HasSubstr("the shard is not finished"));
  EXPECT_THAT(error_of({first, path("absent")}), HasSubstr("absent"));
}

TEST_F(MergeTest, EqualRowsAreTakenOnce) {
  const std::vector<std::string> shards{shard(1, 2, {0, 1, 2, 3}), shard(2, 2, {3, 4, 4, 1})};
  EXPECT_EQ(merge_shards(shards, path("merged"), false).rows, 5U);
  EXPECT_EQ(merge_shards(shards, path("merged"), true).rows, 5U);
  std::string expected;
  for (uint64_t i = 0; i < 5; ++i) expected += row(numbered(i), "run");
  EXPECT_EQ(content(path("merged")), expected);
  folder_.write("s2", row(numbered(4), "run", "failed") + row(numbered(4), "run", "second try"));
  EXPECT_EQ(merge_shards(shards, path("merged"), false).failed, 0U);
}

TEST_F(MergeTest, TheShardToBlameIsNamed) {
  const std::string first = shard(1, 2, {0, 2, 4});
  const std::string second = shard(2, 2, {1, 3});
  const auto marked = [](uint64_t index, const Shard& shard, const std::string& run) {
    return batch_row(R"({"schema":1,"path":"x","status":"ok"})", numbered(index), run, shard) + "\n";
  };
  folder_.write("s1", marked(0, {1, 2}, "run") + marked(2, {1, 2}, "run") + marked(4, {1, 2}, "run"));
  folder_.write("s2", marked(1, {2, 2}, "run"));
  EXPECT_THAT(error_of({first, second}), HasSubstr("input number 3 has no row, " + second));
  folder_.write("s2", marked(1, {2, 2}, "run") + marked(3, {2, 2}, "run") + marked(4, {1, 3}, "old run"));
  EXPECT_THAT(error_of({first, second}), HasSubstr("the other in " + first + ", " + second));
}

TEST_F(MergeTest, RowsOfTheWholeStateNoShard) {
  const std::string first = shard(1, 1, {0}, 1);
  folder_.write("s1",
                batch_row(R"({"schema":1,"path":"p0","status":"ok"})", numbered(0), "run", {1, 3}) + "\n");
  merge_shards({first}, path("merged"), true);
  EXPECT_EQ(content(path("merged")),
            batch_row(R"({"schema":1,"path":"p0","status":"ok"})", numbered(0), "run") + "\n");
}

TEST_F(MergeTest, ShardsOfDifferentWholesDoNotMix) {
  const std::string first = shard(1, 2, {0, 1, 2});
  const std::string run = shard(2, 2, {3, 4}, 5, "other run");
  EXPECT_THAT(error_of({first, run}), HasSubstr("are not those of"));
  shard(2, 2, {3, 4}, 6);
  EXPECT_THAT(error_of({first, run}), HasSubstr("are not those of"));
  shard(2, 3, {3, 4});
  EXPECT_THAT(error_of({first, run}), HasSubstr("are not those of"));
  shard(2, 2, {3, 4}, 5, "run", 78);
  EXPECT_THAT(error_of({first, run}), HasSubstr("are not those of"));
  EXPECT_THAT(error_of({first, first}), HasSubstr("name each shard once"));
}

/// A row of a shard by input: number `index` of the shard, of file number `listed_file`.
std::string row_by_input(const Shard& shard, uint64_t index, uint64_t listed_file) {
  BatchInput of = input(index, "f" + std::to_string(listed_file) + "!" + std::to_string(index));
  of.listed_file = listed_file;
  return batch_row(R"({"schema":1,"path":")" + of.path + R"(","status":"ok"})", of, "run", shard) + "\n";
}

TEST_F(MergeTest, RowsOfShardsByInputStandInTheOrderOfFiles) {
  const Shard one{1, 2, ShardUnit::kInput};
  const Shard two{2, 2, ShardUnit::kInput};
  const std::string first = path("first");
  const std::string second = path("second");
  folder_.write("first", row_by_input(one, 0, 0) + row_by_input(one, 1, 0) + row_by_input(one, 2, 3));
  folder_.write("second", row_by_input(two, 1, 2) + row_by_input(two, 0, 1));
  write_shard_mark(first, one, {4, 3, 77}, "run");
  write_shard_mark(second, two, {4, 2, 77}, "run");
  for (const bool incomplete : {false, true}) {
    EXPECT_EQ(merge_shards({second, first}, path("merged"), incomplete).rows, 5U);
    std::string expected;
    for (const char* of : {"f0!0", "f0!1", "f1!0", "f2!1", "f3!2"}) {
      const auto index = static_cast<uint64_t>(std::count(expected.begin(), expected.end(), '\n'));
      expected += batch_row(std::string(R"({"schema":1,"path":")") + of + R"(","status":"ok"})",
                            input(index, of), "run") +
                  "\n";
    }
    EXPECT_EQ(content(path("merged")), expected);
    std::filesystem::remove(path("merged"));
  }
  folder_.write("second", row_by_input(two, 1, 2));
  EXPECT_THAT(error_of({first, second}), HasSubstr("input number 0 of the shard has no row, " + second));
  folder_.write("second", row_by_input(two, 0, 1) + row_by_input(two, 1, 2) + row_by_input(two, 2, 4));
  EXPECT_THAT(error_of({first, second}), HasSubstr("no longer listed, " + second));
  folder_.write("second", row_by_input(two, 0, 1) + row_by_input(two, 0, 2));
  EXPECT_THAT(error_of({first, second}), HasSubstr("input number 0 of the shard has more than one row"));
  write_shard_mark(second, {2, 2}, {4, 2, 77}, "run");
  EXPECT_THAT(error_of({first, second}), HasSubstr("are not those of"));
  folder_.write("second", row(numbered(4), "run"));
  EXPECT_THROW(merge_shards({first, second}, path("merged"), true), Error);
}

TEST_F(MergeTest, IncompleteTakesWhatThereIs) {
  const std::string first = shard(1, 2, {0, 3});
  folder_.write("half", row(numbered(1), "run") + "{\"torn");
  EXPECT_EQ(merge_shards({first, path("half")}, path("merged"), true).rows, 3U);
  EXPECT_EQ(content(path("merged")),
            row(numbered(0), "run") + row(numbered(1), "run") + row(numbered(3), "run"));
}

TEST_F(MergeTest, HostileMarksAreErrors) {
  const std::string first = shard(1, 1, {0}, 1);
  for (const char* mark : {"", "{}", "[1]", "{\"shard\":\"9/1\",\"inputs\":1,\"listing\":\"\",\"run\":\"\"}",
                           "{\"shard\":\"1/1\",\"inputs\":-1,\"listing\":1,\"run\":\"\"}"}) {
    folder_.write("s1.done", mark);
    EXPECT_THROW(merge_shards({first}, path("merged"), false), Error) << mark;
  }
}

TEST_F(MergeTest, MoreShardsThanTheUsualLimitOfOpenFiles) {
  std::vector<std::string> shards;
  constexpr uint64_t kShards = 1500;
  for (uint64_t number = 1; number <= kShards; ++number)
    shards.push_back(shard(number, kShards, {number - 1}, kShards));
  EXPECT_EQ(merge_shards(shards, path("merged"), false).rows, kShards);
}

TEST_F(MergeTest, FewerFilesAreOpenThanThereAre) {
  std::vector<std::string> paths;
  for (int i = 0; i < 9; ++i)
    paths.push_back(folder_.write("f" + std::to_string(i), std::to_string(i)).string());
  ShardFiles files(paths, 2);
  for (const size_t file : {0U, 1U, 2U, 8U, 0U, 0U, 5U, 1U}) {
    char digit = 0;
    ASSERT_EQ(::pread(files.open(file), &digit, 1, 0), 1);
    EXPECT_EQ(digit, static_cast<char>('0' + file));
  }
  folder_.write("f3", "3");
  files.open(3);
  files.open(4);
  files.open(5);
  folder_.write("f3", "another");
  EXPECT_THROW(files.open(3), Error);
  std::filesystem::remove(paths[8]);
  EXPECT_THROW(files.open(8), Error);
}

}  // namespace
}  // namespace kiloword
