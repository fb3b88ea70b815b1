#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>

#include "batch/archive_builder.h"
#include "cli/batch_fixture.h"

namespace kiloword::testing {
namespace {

using nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

TEST_F(BatchTest, EveryFileHasItsRowInOrderTheBadOnesToo) {
  small_pictures(10);
  folder_.write("in/1/empty.jpg", "");
  folder_.write("in/2/text.png", "no picture");
  folder_.write("in/2/notes.txt", "not an image and not listed");
  const ProgramResult result = batch("new/o.jsonl");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, MatchesRegex("kiloword: 10 captioned, 2 failed in .*\n"));
  const auto found = rows("new/o.jsonl");
  ASSERT_EQ(found.size(), 12U);
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));  // the path comes first
  std::vector<std::string> keys;
  const ordered_json first = ordered_json::parse(lines_of(content("new/o.jsonl"))[0]);
  for (const auto& [key, value] : first.items()) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"schema", "path", "status", "caption", "statements", "width",
                                            "height", "model", "ms", "index", "bytes", "modified", "run"}));
  const ordered_json failed = ordered_json::parse(found[4]);
  EXPECT_EQ(failed["path"], path("in/1/empty.jpg"));
  EXPECT_EQ(failed["error"]["message"], "empty file");
}

TEST_F(BatchTest, RecordsAreTheSameWhateverThreadsBatchOrderAndShards) {
  small_pictures(50);
  folder_.write("in/1/bad.jpg", "bad");
  ASSERT_EQ(batch("o.jsonl", {"--threads", "1", "--batch-size", "1"}).exit_code, 1);
  const auto expected = rows("o.jsonl");
  for (const char* threads : {"1", "3"}) {
    for (const char* size : {"2", "7", "64"}) {
      batch("other.jsonl", {"--threads", threads, "--batch-size", size, "--overwrite"});
      EXPECT_EQ(rows("other.jsonl"), expected) << threads << " " << size;
    }
  }
  batch("unordered.jsonl", {"--unordered", "--threads", "4"});
  auto unordered = rows("unordered.jsonl");
  std::sort(unordered.begin(), unordered.end());
  EXPECT_EQ(unordered, expected);
  std::vector<std::string> merge{"merge", "-o", path("merged.jsonl")};
  for (const char* shard : {"3", "1", "4", "2"}) {
    const std::string output = std::string("shard") + shard;
    batch(output, {"--shard", std::string(shard) + "/4"});
    merge.push_back(path(output));
  }
  const ProgramResult merged = run(merge);
  EXPECT_EQ(merged.exit_code, 1) << "as a whole run with an error row";
  EXPECT_EQ(merged.err, "kiloword: 51 rows merged, 1 of them errors\n");
  EXPECT_EQ(rows("merged.jsonl"), expected);
}

TEST_F(BatchTest, RowsSayWhatCaptionSays) {
  small_pictures(5);
  batch("o.jsonl", {"--author", "Ada", "--explain"});
  for (const std::string& line : rows("o.jsonl")) {
    ordered_json row = ordered_json::parse(line);
    for (const char* key : {"index", "bytes", "modified", "run"}) EXPECT_EQ(row.erase(key), 1U);
    ordered_json record = ordered_json::parse(
        run({"caption", row["path"], "--format", "json", "--author", "Ada", "--explain"}).out);
    record.erase("ms");
    EXPECT_EQ(row.dump(), record.dump());
  }
}

TEST_F(BatchTest, ResumeMakesAgainWhatOtherOptionsAsk) {
  small_pictures(4);
  batch("o.jsonl");
  const ProgramResult same = batch("o.jsonl", {"--resume"});
  EXPECT_THAT(same.err, HasSubstr("0 captioned, 0 failed, 4 kept in "));
  const ProgramResult other = batch("o.jsonl", {"--resume", "--top-k", "1"});
  EXPECT_THAT(other.err, HasSubstr("4 captioned, 0 failed in "));
  EXPECT_EQ(rows("o.jsonl").size(), 4U);
  EXPECT_EQ(batch("o.jsonl").exit_code, 2);
}

TEST_F(BatchTest, RowsOfIgnoredProfilesAreOthers) {
  small_pictures(4);
  batch("o.jsonl");
  const std::vector<std::string> ignoring{"--resume", "--ignore-profile"};
  EXPECT_THAT(batch("o.jsonl", ignoring).err, HasSubstr("4 captioned, 0 failed in "));
  EXPECT_THAT(batch("o.jsonl", ignoring).err, HasSubstr("0 captioned, 0 failed, 4 kept in "));
  EXPECT_THAT(batch("o.jsonl", {"--resume"}).err, HasSubstr("4 captioned, 0 failed in "));
}

TEST_F(BatchTest, ResumeTellsOfLinesThatAreNoRows) {
  small_pictures(2);
  batch("o.jsonl");
  folder_.write("o.jsonl", content("o.jsonl") + "no row\n");
  EXPECT_THAT(batch("o.jsonl", {"--resume"}).err,
              HasSubstr("2 kept, 1 lines dropped that were not rows in "));
  EXPECT_EQ(rows("o.jsonl").size(), 2U);
}

TEST_F(BatchTest, RetryErrorsTriesAgainWhatFailed) {
  small_pictures(3);
  folder_.write("in/0/late.ppm", "");
  EXPECT_EQ(batch("o.jsonl").exit_code, 1);
  EXPECT_EQ(batch("o.jsonl", {"--resume"}).exit_code, 1) << "a kept error row counts";
  EXPECT_EQ(batch("o.jsonl", {"--resume", "--retry-errors"}).exit_code, 1);
  small_picture("in/0/late.ppm", 9);
  EXPECT_EQ(batch("o.jsonl", {"--resume"}).exit_code, 0) << "the file has changed";
  batch("whole.jsonl");
  EXPECT_EQ(rows("o.jsonl"), rows("whole.jsonl"));
}

TEST_F(BatchTest, ArchivesListsAndStandardInput) {
  small_picture("one.ppm", 1);
  small_picture("two.ppm", 2);
  write_archive(path("a.tar"), {{"m.ppm", content("one.ppm")}, {"bad.jpg", "bad"}});
  ProgramSetup setup;
  setup.input = path("two.ppm") + std::string(1, '\0');
  const ProgramResult result = run({"batch", path("a.tar"), "--files0-from", "-", "-o", "-"}, setup);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("a.tar!bad.jpg"));
  const auto records = records_of(result);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0]["path"], path("a.tar!m.ppm"));
  EXPECT_EQ(records[2]["path"], path("two.ppm"));
  setup.input = content("one.ppm");
  const auto piped = records_of(run({"batch", "-", "-o", "-"}, setup));
  EXPECT_EQ(piped[0]["statements"], records[0]["statements"]);
}

TEST_F(BatchTest, SidecarsStandBesideTheirImages) {
  small_pictures(2);
  folder_.write("in/1/bad.jpg", "bad");
  const ProgramResult result = run({"batch", path("in"), "--sidecar"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr(path("in/1/bad.jpg") + ": not an image file"));
  EXPECT_THAT(content("in/0/000000.ppm.txt"), MatchesRegex("\\[Image Attached: .*\\]\n"));
  EXPECT_FALSE(std::filesystem::exists(path("in/1/bad.jpg.txt")));
  write_archive(path("a.zip"), {{"m.ppm", content("in/0/000000.ppm")}});
  EXPECT_THAT(run({"batch", path("a.zip"), "--sidecar"}).err,
              HasSubstr("is in an archive, where no sidecar can be written"));
}

TEST_F(BatchTest, LinesOfTextNameTheirFiles) {
  small_pictures(3);
  folder_.write("in/0/000000a.jpg", "bad");
  const std::vector<std::string> named =
      lines_of(run({"batch", path("in"), "-o", "-", "--format", "text"}).out);
  ASSERT_EQ(named.size(), 3U);
  EXPECT_EQ(named[0].rfind(path("in/0/000000.ppm") + ": [Image Attached: ", 0), 0U) << named[0];
  EXPECT_EQ(named[1].rfind(path("in/1/000001.ppm") + ": [Image Attached: ", 0), 0U) << named[1];
  const std::vector<std::string> bare =
      lines_of(run({"batch", path("in"), "-o", "-", "--format", "text", "--no-filename"}).out);
  ASSERT_EQ(bare.size(), 3U);
  EXPECT_EQ(bare[0].rfind("[Image Attached: ", 0), 0U) << bare[0];
}

TEST_F(BatchTest, ProgressIsToldInLinesWhereThereIsNoTerminal) {
  small_pictures(200);
  const ProgramResult told = batch("o.jsonl", {"--progress-interval", "0.1"});
  EXPECT_THAT(told.err, HasSubstr(" of 200 done, "));
  EXPECT_THAT(told.err, HasSubstr(" images/s"));
  EXPECT_EQ(batch("p.jsonl", {"--progress-interval", "0.1", "-q"}).err, "");
}

TEST_F(BatchTest, OutputsThatCannotBeWritten) {
  small_pictures(3);
  const ProgramResult full = run({"batch", path("in"), "-o", "/dev/full"});
  EXPECT_EQ(full.exit_code, 4);
  EXPECT_THAT(full.err, HasSubstr("no space left on device"));
  folder_.write("file", "x");
  EXPECT_EQ(batch("file/o.jsonl").exit_code, 4);
  ProgramSetup to_full;
  to_full.stdout_file = "/dev/full";
  EXPECT_EQ(run({"batch", path("in"), "-o", "-"}, to_full).exit_code, 4);
  const ProgramResult closed = run_program(
      {"bash", "-c",
       "'" KILOWORD_PROGRAM "' batch '" + path("in") + "' -q -o - | true; echo ${PIPESTATUS[0]}"});
  EXPECT_EQ(closed.out, "0\n");
  EXPECT_EQ(closed.err, "");
}

TEST_F(BatchTest, ArgumentsThatMakeNoSense) {
  small_pictures(1);
  const std::vector<std::vector<std::string>> wrong{
      {"batch"},
      {"batch", path("in")},
      {"batch", path("in"), "-o", "-", "--resume"},
      {"batch", path("in"), "-o", path("o"), "--retry-errors"},
      {"batch", path("in"), "-o", path("o"), "--resume", "--overwrite"},
      {"batch", path("in"), "-o", path("o"), "--shard", "4/3"},
      {"batch", path("in"), "-o", path("o"), "--format", "text", "--resume"},
      {"batch", path("in"), "-o", path("o"), "--batch-size", "0"},
      {"merge", path("o")},
  };
  for (const auto& arguments : wrong) {
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
    EXPECT_THAT(result.err, Not(HasSubstr("internal")));
  }
  EXPECT_FALSE(std::filesystem::exists(path("o")));
}

TEST_F(BatchTest, MergeTellsWhatIsMissing) {
  small_pictures(4);
  batch("s1", {"--shard", "1/2"});
  const ProgramResult missing = run({"merge", path("s1"), "-o", path("m")});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, HasSubstr("shard 2/2 is missing"));
  EXPECT_EQ(run({"merge", path("s1"), "-o", path("m"), "--incomplete"}).exit_code, 0);
  EXPECT_EQ(run({"merge", path("s1"), "-o", path("m"), "--incomplete"}).exit_code, 2) << "m is there";
}

TEST_F(BatchTest, WhatIsLeftOutIsToldAndNoImageIsAnError) {
  folder_.write("in/b.mp4", "video");
  folder_.write("in/c.txt", "text");
  const ProgramResult none = batch("o.jsonl");
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("no image found; skipped: 1 video, 1 other file\n"));
  small_picture("in/d.ppm", 1);
  const ProgramResult one = batch("o.jsonl", {"--overwrite"});
  EXPECT_EQ(one.exit_code, 0);
  EXPECT_THAT(one.err, HasSubstr("skipped: 1 video\n"));
  folder_.write("in/e.exr", "\x76\x2F\x31\x01");
  EXPECT_EQ(batch("o.jsonl", {"--overwrite"}).exit_code, 1);
  const auto found = rows("o.jsonl");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_THAT(found[1], HasSubstr("OpenEXR images are not supported"));
}

TEST_F(BatchTest, AShardIsRememberedInItsOutput) {
  small_pictures(30);
  batch("whole.jsonl");
  std::vector<std::string> merge{"merge", "-o", path("merged.jsonl"), "--overwrite"};
  for (int shard = 1; shard <= 4; ++shard) {
    const std::string name = "s" + std::to_string(shard);
    ASSERT_EQ(batch(name, {"--shard", std::to_string(shard) + "/4"}).exit_code, 0);
    merge.push_back(path(name));
  }
  const std::string before = content("s1");
  for (const char* other : {"1/2", "2/4", "1/1"}) {
    const ProgramResult refused = batch("s1", {"--resume", "--shard", other});
    EXPECT_EQ(refused.exit_code, 2) << other;
    EXPECT_THAT(refused.err, HasSubstr("holds shard 1/4, not " + std::string(other)));
    EXPECT_EQ(content("s1"), before);
  }
  EXPECT_EQ(run(merge).exit_code, 0) << "nothing of that has touched the mark";
  EXPECT_EQ(rows("merged.jsonl"), rows("whole.jsonl"));
  folder_.write("s1", before + content("s2"));
  EXPECT_EQ(run(merge).exit_code, 0) << "equal rows are taken once";
  EXPECT_EQ(rows("merged.jsonl"), rows("whole.jsonl"));
  EXPECT_THAT(batch("s1", {"--resume", "--shard", "1/4"}).err, HasSubstr(" rows of other shards dropped"));
  EXPECT_EQ(content("s1"), before);
}

TEST_F(BatchTest, MembersOfTarsHaveTheirKeyInTheirRow) {
  small_picture("one.ppm", 1);
  std::filesystem::create_directories(path("in"));
  write_archive(path("in/a.tar"), {{"train/000001.color.ppm", content("one.ppm")}});
  batch("o.jsonl");
  EXPECT_EQ(ordered_json::parse(rows("o.jsonl").at(0))["key"], "train/000001");
}

TEST_F(BatchTest, ShardsByInputAreRememberedResumedAndMerged) {
  for (int archive = 0; archive < 5; ++archive) {
    std::vector<std::pair<std::string, std::string>> members;
    for (int i = 0; i < 4; ++i) {
      small_picture("one.ppm", 4 * archive + i);
      members.emplace_back(std::to_string(i) + ".ppm", content("one.ppm"));
    }
    std::filesystem::create_directories(path("in"));
    write_archive(path("in/" + std::to_string(archive) + ".tar"), members);
  }
  small_pictures(10);
  batch("whole.jsonl");
  std::vector<std::string> merge{"merge", "-o", path("merged.jsonl"), "--overwrite"};
  const auto make = [&](const std::string& number, std::vector<std::string> more) {
    more.insert(more.end(), {"--shard", number + "/3", "--shard-by", "input"});
    return batch("s" + number, more);
  };
  for (const char* number : {"1", "2", "3"}) {
    ASSERT_EQ(make(number, {}).exit_code, 0);
    merge.push_back(path("s" + std::string(number)));
  }
  ASSERT_EQ(run(merge).exit_code, 0);
  EXPECT_EQ(rows("merged.jsonl"), rows("whole.jsonl"));
  const ProgramResult refused = batch("s1", {"--resume", "--shard", "1/3"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("holds shard 1/3 by input, not 1/3"));

  small_picture("in/00000.ppm", 50);  // listed before all others
  batch("whole.jsonl", {"--overwrite"});
  for (const char* number : {"1", "2", "3"}) ASSERT_EQ(make(number, {"--resume"}).exit_code, 0);
  ASSERT_EQ(run(merge).exit_code, 0);
  EXPECT_EQ(rows("merged.jsonl"), rows("whole.jsonl"));
}

TEST_F(BatchTest, ListsInPartsAreCaptionedOneByOneAndPutTogether) {
  small_pictures(9);
  small_picture("one.ppm", 20);
  write_archive(path("in/2/album.tar"), {{"a.ppm", content("one.ppm")}, {"b.ppm", content("one.ppm")}});
  batch("whole.jsonl");
  const ProgramResult listed = run({"list", path("in"), "--parts", "3", "-o", path("list")});
  EXPECT_EQ(listed.exit_code, 0);
  EXPECT_EQ(listed.err, "kiloword: 10 files listed\n");
  EXPECT_EQ(run({"list", path("in")}).out, content("list.1") + content("list.2") + content("list.3"));
  std::vector<std::string> merge{"merge", "--runs", "-o", path("merged.jsonl")};
  for (const char* part : {"1", "2", "3"}) {
    const std::string output = path("o" + std::string(part));
    ASSERT_EQ(run({"batch", "--files-from", path("list." + std::string(part)), "-o", output}).exit_code, 0);
    merge.push_back(output);
  }
  ASSERT_EQ(run(merge).exit_code, 0);
  EXPECT_EQ(rows("merged.jsonl"), rows("whole.jsonl"));
}

TEST_F(BatchTest, AListOfNothingOrOfWhatIsNotThereIsAnError) {
  std::filesystem::create_directories(path("empty"));
  const ProgramResult empty = run({"list", path("empty")});
  EXPECT_EQ(empty.exit_code, 1);
  EXPECT_THAT(empty.err, HasSubstr("no image found"));
  const ProgramResult missing = run({"list", path("nothing")});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_EQ(missing.out, "");
  EXPECT_THAT(missing.err, HasSubstr("no such file or directory"));
}

TEST_F(BatchTest, MergeTellsWhatIsNoShard) {
  small_picture("a.ppm", 1);
  batch("whole.jsonl", {path("a.ppm")});
  folder_.write("notes", "mine\n");
  const std::vector<std::pair<std::string, std::string>> wrong{
      {path("whole.jsonl"), "a whole run"},
      {path("notes"), "is not an output of kiloword batch"},
      {path("nothing"), "no such file or directory"},
  };
  for (const auto& [file, message] : wrong) {
    const ProgramResult result = run({"merge", file, "-o", path("merged")});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr(file + ": "));
    EXPECT_THAT(result.err, HasSubstr(message));
    EXPECT_FALSE(std::filesystem::exists(path("merged")));
  }
}

TEST_F(BatchTest, AListIsReplacedOnRequestAndNeverMixedWithOthers) {
  small_pictures(4);
  const std::vector<std::string> list{"list", path("in"), "-o", path("list"), "--parts"};
  const auto in_parts = [&](const std::string& parts, bool overwrite = false) {
    std::vector<std::string> arguments = list;
    arguments.push_back(parts);
    if (overwrite) arguments.emplace_back("--overwrite");
    return run(arguments);
  };
  ASSERT_EQ(in_parts("3").exit_code, 0);
  EXPECT_EQ(in_parts("3").exit_code, 2);
  EXPECT_EQ(in_parts("3", true).exit_code, 0);
  const ProgramResult further = in_parts("2", true);
  EXPECT_EQ(further.exit_code, 2);
  EXPECT_THAT(further.err, HasSubstr("list.3"));
  EXPECT_EQ(run({"list", path("in"), "--parts", "2"}).exit_code, 2);
  EXPECT_EQ(run({"list", "-"}).exit_code, 2);
  EXPECT_EQ(run({"list", path("in"), "-0"}).out.back(), '\0');
  small_picture("in/broken\nline.ppm", 1);
  EXPECT_THAT(in_parts("3", true).err, HasSubstr("the path has a line break"));
}

TEST_F(BatchTest, ThreadsThatCannotBeStartedAreAnErrorOfTheirOwn) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to run as a user without other processes";
  const std::vector<std::string> as_user{"setpriv", "--reuid", "54321",         "--clear-groups",
                                         "test",    "-x",      KILOWORD_PROGRAM};
  if (run_program(as_user).exit_code != 0) GTEST_SKIP() << "needs a build that every user can read";
  small_pictures(2);
  batch("o.jsonl");  // fills the cache of label embeddings
  const std::string limited =
      "chmod -R a+rwX '" + folder_.path().string() + "' '" + cache_folder() + "'; XDG_CACHE_HOME='" +
      cache_folder() +
      "' ASAN_OPTIONS=detect_leaks=0 "  // whose check starts a thread
      "setpriv --reuid 54321 --clear-groups bash -c \"ulimit -u 1; exec '" KILOWORD_PROGRAM "' batch '" +
      path("in") + "' --overwrite -o '" + path("o.jsonl") + "'\"";
  const ProgramResult result = run_program({"bash", "-c", limited});
  EXPECT_EQ(result.exit_code, 70) << result.err;
  EXPECT_THAT(result.err, HasSubstr("cannot start a thread"));
  EXPECT_THAT(result.err, Not(HasSubstr("report this as a defect")));
}

}  // namespace
}  // namespace kiloword::testing
