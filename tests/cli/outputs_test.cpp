// What a command may write, and what it must leave alone.

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "cli/batch_fixture.h"

namespace kiloword::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using OutputsTest = BatchTest;

TEST_F(OutputsTest, AnInputIsNoOutput) {
  small_picture("in.ppm", 1);
  small_picture("tree/cat/a.ppm", 2);
  folder_.write("list", path("in.ppm") + "\n");
  folder_.write("words", "dog\n");
  folder_.write("settings", "quiet = true\n");
  fs::create_hard_link(path("in.ppm"), path("same.ppm"));
  batch("s1", {path("in.ppm"), path("tree"), "--shard", "1/1"});
  ASSERT_EQ(run({"index", path("tree"), "--index", path("index")}).exit_code, 0);
  const std::vector<std::vector<std::string>> wrong{
      {"batch", path("in.ppm"), "-o", path("in.ppm"), "--overwrite"},
      {"batch", path("in.ppm"), "-o", path("same.ppm"), "--overwrite"},
      {"batch", path("tree"), "-o", path("tree/cat/a.ppm"), "--overwrite"},
      {"batch", "--files-from", path("list"), "-o", path("list"), "--overwrite"},
      {"batch", "--files-from", path("list"), "-o", path("in.ppm"), "--overwrite"},
      {"batch", path("tree"), "--describe", "--avoid", path("words"), "-o", path("words"), "--overwrite"},
      {"batch", path("tree"), "--describe", "--bank", path("words"), "-o", path("words"), "--overwrite"},
      {"batch", path("tree"), "--config", path("settings"), "-o", path("settings"), "--overwrite"},
      {"merge", path("s1"), "-o", path("s1"), "--overwrite", "--incomplete"},
      {"report", path("s1"), "-o", path("s1"), "--overwrite"},
      {"report", path("s1"), "-o", path("in.ppm"), "--overwrite"},
      {"list", path("tree"), "-o", path("tree/cat/a.ppm"), "--overwrite"},
      {"index", path("tree"), "--index", path("tree/cat/a.ppm"), "--overwrite"},
      {"search", "x", "--index", path("index"), "--html", path("index"), "--overwrite"},
      {"search", "x", "--index", path("index"), "--html", path("tree/cat/a.ppm"), "--overwrite"},
      {"embed", path("in.ppm"), "--npy", path("in.ppm")},
      {"embed", "--files-from", path("list"), "--npy", path("in.ppm")},
      {"eval", path("tree"), "--set", "medium", "--details", path("tree/cat/a.ppm")},
  };
  const auto files = [&] {
    std::string all;
    for (const char* name : {"in.ppm", "tree/cat/a.ppm", "list", "words", "settings", "s1", "index"})
      all += content(name);
    return all;
  };
  const std::string before = files();
  for (const auto& arguments : wrong) {
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments[0] << result.err;
    EXPECT_THAT(result.err, HasSubstr("input")) << arguments[0];
    EXPECT_TRUE(files() == before) << arguments[0] << " " << arguments.back();
  }
}

TEST_F(OutputsTest, WhatStandardInputIsIsNoOutput) {
  small_picture("in.ppm", 1);
  folder_.write("list", path("in.ppm") + "\n");
  batch("rows.jsonl", {path("in.ppm")});
  fs::create_hard_link(path("in.ppm"), path("same"));
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"batch - --overwrite -o", "in.ppm"},
      {"batch --files-from - --overwrite -o", "list"},
      {"report - --overwrite -o", "rows.jsonl"},
      {"embed - --npy", "in.ppm"},
      {"embed - --npy", "same"},
  };
  for (const auto& [command, name] : wrong) {
    const std::string before = content(name);
    const std::string line =
        "exec '" KILOWORD_PROGRAM "' " + command + " '" + path(name) + "' < '" + path(name) + "'";
    const ProgramResult result = run_program({"bash", "-c", line});
    EXPECT_EQ(result.exit_code, 2) << line << result.err;
    EXPECT_TRUE(content(name) == before) << line;
  }
}

TEST_F(OutputsTest, AnImageThatStandardInputMayListIsNoOutput) {
  small_picture("in.ppm", 1);
  fs::create_hard_link(path("in.ppm"), path("same"));
  folder_.write("archive", std::string(1024, '\0'));
  for (const char* name : {"in.ppm", "same", "archive"}) {
    const std::string before = content(name);
    ProgramSetup setup;
    setup.input = path(name) + "\n";
    const ProgramResult result = run({"batch", "--files-from", "-", "-o", path(name), "--overwrite"}, setup);
    EXPECT_EQ(result.exit_code, 2) << name;
    EXPECT_TRUE(content(name) == before) << name;
  }
}

TEST_F(OutputsTest, WhatIsNoMarkOfAShardStays) {
  small_picture("in.ppm", 1);
  folder_.write("o.jsonl.done", "what I have done\n");
  const ProgramResult result = run({"batch", path("in.ppm"), "-o", path("o.jsonl")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("o.jsonl.done: has the name of the output's mark file"));
  EXPECT_EQ(content("o.jsonl.done"), "what I have done\n");
}

TEST_F(OutputsTest, WhatIsNoFileIsWrittenNotReplaced) {
  small_picture("in.ppm", 1);
  ASSERT_EQ(run({"batch", path("in.ppm"), "-o", path("s1"), "--shard", "1/1"}).exit_code, 0);
  const std::string row = content("s1");
  ASSERT_EQ(run({"merge", path("s1"), "-o", "/dev/stdout", "--incomplete"}).out, row);
  folder_.write("log", "before\n");
  const std::string merge = "'" KILOWORD_PROGRAM "' merge -q --incomplete '" + path("s1") + "' -o ";
  run_program({"bash", "-c", merge + "/dev/stdout >> '" + path("log") + "'"});
  EXPECT_EQ(content("log"), "before\n" + row);
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const ProgramResult piped =
      run_program({"bash", "-c", "cat '" + path("pipe") + "' & " + merge + "'" + path("pipe") + "'; wait"});
  EXPECT_EQ(piped.out, row);
  EXPECT_TRUE(fs::is_fifo(path("pipe")));
  EXPECT_EQ(run({"report", path("s1"), "-o", "/dev/stdout"}).out.rfind("<!doctype html>", 0), 0U);
  EXPECT_EQ(run({"batch", path("in.ppm"), "-o", "/dev/stdout"}).exit_code, 0);
}

TEST_F(OutputsTest, ADashIsStandardOutput) {
  small_picture("in.ppm", 1);
  batch("rows.jsonl", {path("in.ppm")});
  const std::string program = "cd '" + path("") + "' && '" KILOWORD_PROGRAM "' ";
  EXPECT_EQ(run_program({"bash", "-c", program + "merge -q --runs rows.jsonl -o -"}).out,
            content("rows.jsonl"));
  EXPECT_EQ(run_program({"bash", "-c", program + "list in.ppm -o -"}).out, "in.ppm\n");
  EXPECT_EQ(run_program({"bash", "-c", program + "embed --model nano --text cat --npy -"}).out.substr(1, 5),
            "NUMPY");
  EXPECT_EQ(run_program({"bash", "-c", program + "list in.ppm --parts 2 -o -"}).exit_code, 2);
  for (const char* name : {"-", "-.1", "-.2"}) EXPECT_FALSE(fs::exists(path(name))) << name;
}

TEST_F(OutputsTest, AClosedPipeIsNoFailure) {
  small_pictures(3);
  batch("rows.jsonl", {path("in")});
  std::string many;
  for (int i = 0; i < 1000; ++i) many += content("rows.jsonl");  // more than a pipe holds
  folder_.write("many.jsonl", many);
  const ProgramResult result = run_program({"bash", "-c",
                                            "set -o pipefail; '" KILOWORD_PROGRAM "' merge -q --runs '" +
                                                path("many.jsonl") + "' -o /dev/stdout | head -n 1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(OutputsTest, AnExistingSidecarIsKeptUnlessItIsToBeOverwritten) {
  small_pictures(3);
  folder_.write("in/0/000000.ppm.txt", "my notes\n");
  folder_.write("target", "precious\n");
  fs::create_symlink(path("target"), path("in/1/000001.ppm.txt"));
  const ProgramResult kept = run({"batch", path("in"), "--sidecar"});
  EXPECT_EQ(kept.exit_code, 0);
  EXPECT_THAT(kept.err, HasSubstr("in/0/000000.ppm.txt: already exists and is kept"));
  EXPECT_THAT(kept.err, HasSubstr("2 sidecars kept"));
  EXPECT_EQ(content("in/0/000000.ppm.txt"), "my notes\n");
  EXPECT_THAT(content("in/2/000002.ppm.txt"), HasSubstr("[Image Attached: "));
  EXPECT_EQ(run({"batch", path("in"), "--sidecar", "--overwrite"}).exit_code, 0);
  EXPECT_THAT(content("in/0/000000.ppm.txt"), HasSubstr("[Image Attached: "));
  EXPECT_EQ(content("target"), "precious\n");
}

TEST_F(OutputsTest, ASidecarThatCannotBeWrittenCostsOneError) {
  small_pictures(3);
  fs::create_directories(path("in/0/000000.ppm.txt"));
  const std::string long_name = "in/" + std::string(249, 'n') + ".ppm";
  small_picture(long_name, 5);
  const ProgramResult result = run({"batch", path("in"), "--sidecar", "-o", path("o.jsonl")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(lines_of(result.err).size(), 3U) << result.err;
  EXPECT_THAT(result.err, HasSubstr("2 captioned, 2 failed"));
  EXPECT_THAT(result.err, HasSubstr("file name too long"));
  EXPECT_EQ(rows("o.jsonl").size(), 4U);
  EXPECT_TRUE(fs::exists(path("in/1/000001.ppm.txt")));
}

TEST_F(OutputsTest, AnOutputThatGoesAwayDuringTheRunIsAnError) {
  for (const bool replaced : {false, true}) {
    ASSERT_EQ(::mkfifo(path("slow.ppm").c_str(), 0600), 0);
    small_picture("last.ppm", 1);
    ProgramSetup setup;
    setup.meanwhile = [&](pid_t) {
      std::ofstream slow(path("slow.ppm"));  // opens when the program reads it
      fs::remove(path("o.jsonl"));
      if (replaced) folder_.write("o.jsonl", "of somebody else");
    };
    const ProgramResult result =
        run({"batch", path("slow.ppm"), path("last.ppm"), "-o", path("o.jsonl")}, setup);
    EXPECT_EQ(result.exit_code, 4) << result.err;
    EXPECT_THAT(result.err, HasSubstr("removed or replaced"));
    EXPECT_EQ(content("o.jsonl"), replaced ? "of somebody else" : "");
    fs::remove(path("slow.ppm"));
  }
}

TEST_F(OutputsTest, OutputsHaveTheModeThatTheUmaskLeavesAndKeepTheirOwn) {
  small_picture("in.ppm", 1);
  const std::string program =
      "umask 077; export XDG_CACHE_HOME='" + cache_folder() + "'; '" KILOWORD_PROGRAM "' ";
  const auto mode = [&](const std::string& name) { return fs::status(path(name)).permissions(); };
  const auto own = fs::perms::owner_read | fs::perms::owner_write;
  run_program({"bash", "-c", program + "batch '" + path("in.ppm") + "' -o '" + path("o.jsonl") + "'"});
  EXPECT_EQ(mode("o.jsonl"), own);
  run_program(
      {"bash", "-c", program + "merge --incomplete '" + path("o.jsonl") + "' -o '" + path("m") + "'"});
  EXPECT_EQ(mode("m"), own);
  fs::permissions(path("o.jsonl"), own | fs::perms::group_read);
  EXPECT_EQ(run({"batch", path("in.ppm"), "--resume", "--top-k", "1", "-o", path("o.jsonl")}).exit_code, 0);
  EXPECT_EQ(mode("o.jsonl"), own | fs::perms::group_read);
}

}  // namespace
}  // namespace kiloword::testing
