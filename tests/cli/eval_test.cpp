#include <filesystem>
#include <fstream>

#include "batch/archive_builder.h"
#include "cli/cli_fixture.h"

namespace kiloword::testing {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::string content_of(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// Pictures in a folder per class. nano knows little of stripes: these tests are about counting, not seeing.
class EvalTest : public CliTest {
 protected:
  void SetUp() override {
    for (const char* name : {"photo", "sketch", "nothing"}) fs::create_directories(path("tree/") + name);
    for (int i = 0; i < 3; ++i) {
      const std::string file = "/" + std::to_string(i) + ".ppm";
      picture("tree/photo" + file, 40, 30, i + 1);
      picture("tree/sketch" + file, 40, 30, i + 11);
      picture("tree/nothing" + file, 40, 30, i + 21);
    }
  }

  json evaluated(std::vector<std::string> arguments, int exit_code = 0,
                 const std::string& set = "nano/medium") const {
    arguments.insert(arguments.begin(), "eval");
    for (const char* more : {"--set", set.c_str(), "--format", "json"}) arguments.emplace_back(more);
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    return json::parse(result.out);
  }

  /// 60 pictures of two classes and of none.
  std::string many() const {
    for (const char* name : {"photo", "sketch", "nothing"}) fs::create_directories(path("many/") + name);
    for (int i = 0; i < 60; ++i) {
      const char* name = i % 3 == 0 ? "photo" : i % 3 == 1 ? "sketch" : "nothing";
      picture("many/" + std::string(name) + "/" + std::to_string(i) + ".ppm", 16, 16, 1 + i);
    }
    return path("many");
  }
};

TEST_F(EvalTest, TreeArchiveAndListTellTheSame) {
  const json tree = evaluated({path("tree")});
  EXPECT_EQ(tree["images"], 9);
  EXPECT_EQ(tree["absent"], 3);
  EXPECT_EQ(tree["failed"], 0);
  EXPECT_EQ(tree["classes"].size(), 3U);
  EXPECT_EQ(tree["classes"][2]["class"], "nothing");
  EXPECT_EQ(tree["classes"][2]["absent"], true);

  std::vector<std::pair<std::string, std::string>> members;
  std::string list;
  for (const char* name : {"nothing", "photo", "sketch"}) {
    for (int i = 0; i < 3; ++i) {
      const std::string file = std::string(name) + "/" + std::to_string(i) + ".ppm";
      members.emplace_back(file, content_of(path("tree/" + file)));
      list += path("tree/" + file) + "\t" + name + "\n";
    }
  }
  write_archive(path("images.tar.gz"), members);
  EXPECT_EQ(evaluated({path("images.tar.gz")}), tree);
  EXPECT_EQ(evaluated({"--list", folder_.write("list.tsv", list).string()}), tree);
}

TEST_F(EvalTest, ClassesAreMappedAndAbsentStatementsAreFalse) {
  const std::string map =
      folder_.write("map.tsv", "nothing\tphoto|painting|cartoon|sketch|emoji\nphoto\t\n").string();
  const std::string without_negatives =
      folder_
          .write("media.txt",
                 "category: medium\nstatement: {label}\n---\nphoto\npainting\ncartoon\nsketch\nemoji\n")
          .string();
  const json mapped = evaluated({path("tree"), "--map", map, "--min-confidence", "0"}, 0, without_negatives);
  EXPECT_EQ(mapped["absent"], 3);
  EXPECT_EQ(mapped["said"], 9);
  EXPECT_EQ(mapped["said_absent"], 3);
  EXPECT_EQ(mapped["false_on_absent"], 1.0);
  EXPECT_EQ(mapped["classes"][0]["said_true"], 3) << "every label is true of it";
}

TEST_F(EvalTest, SetsWithHypernymsAreCalibratedAndHaveACurveOfSpecificity) {
  const std::string set =
      folder_
          .write(
              "media.txt",
              "category: medium\nstatement: {label}\n---\ndrawn | match: none\nphoto\nsketch | is-a: drawn\n"
              "painting | is-a: drawn\n")
          .string();
  const std::string images = many();
  ASSERT_EQ(run({"calibrate", "--set", set, "--truth", images, "--true-share", "0.5"}).exit_code, 0);
  const json result = evaluated({images, "--min-confidence", "0"}, 0, set);
  EXPECT_EQ(result["rank"], "calibrated");
  ASSERT_FALSE(result["specificity"].empty());
  const json& last = result["specificity"].back();
  EXPECT_NEAR(last["exact"].get<double>() + last["hypernym"].get<double>() + last["wrong"].get<double>(), 1.0,
              1e-3)
      << "at the lowest threshold something is said of every image";
  EXPECT_EQ(last["hypernym"], 0.0);
  const ProgramResult text = run({"eval", "--set", set, images});
  EXPECT_NE(text.out.find("THRESHOLD"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("specificity"), std::string::npos) << text.out;
  EXPECT_FALSE(evaluated({path("tree")}).contains("specificity"));
}

TEST_F(EvalTest, BrokenImagesAreCountedAndTold) {
  folder_.write("tree/photo/broken.jpg", "no picture");
  const json result = evaluated({path("tree")}, 1);
  EXPECT_EQ(result["images"], 9);
  EXPECT_EQ(result["failed"], 1);
}

TEST_F(EvalTest, TablesDetailsAndPlot) {
  const ProgramResult result = run({"eval", path("tree"), "--set", "nano/medium", "--details",
                                    path("rows.jsonl"), "--plot", path("plot.svg")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  for (const char* text : {"CLASS", "MISTAKEN FOR", "COVERAGE", "top-5", "precision"}) {
    EXPECT_NE(result.out.find(text), std::string::npos) << text;
  }
  EXPECT_EQ(lines_of(content_of(path("rows.jsonl"))).size(), 9U);
  EXPECT_EQ(content_of(path("plot.svg")).rfind("<svg", 0), 0U);
  ASSERT_EQ(run({"eval", path("tree"), "--set", "nano/medium", "--plot", path("plot.png")}).exit_code, 0);
  EXPECT_EQ(content_of(path("plot.png")).rfind("\x89PNG", 0), 0U);
}

TEST_F(EvalTest, WhatMakesNoSenseIsRefused) {
  const auto refused = [this](const std::vector<std::string>& arguments, int exit_code,
                              const std::string& part) {
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, exit_code);
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  };
  refused({"eval", "--set", "nano/medium"}, 2, "no images");
  folder_.write("nothing/cat/notes.txt", "x");
  refused({"eval", "--set", "nano/medium", path("nothing")}, 1, "no image found; skipped: 1 other file");
  refused({"eval", path("tree")}, 2, "--set is required");
  refused({"eval", path("tree"), "--set", "nano"}, 2, "is a group");
  refused({"eval", path("tree"), "--set", "nano/medium", "--plot", "a.gif"}, 2, "SVG");
  const std::string list = folder_.write("list.tsv", "photo.jpg\n").string();
  refused({"eval", "--list", list, "--set", "nano/medium"}, 1, "not a path and a class");
  refused({"calibrate", "--set", "nano/medium"}, 2, "no images");
  refused({"calibrate", "--set", "nano/medium", "--truth", path("tree")}, 1, "too few images to calibrate");
}

TEST_F(EvalTest, CalibrationIsStoredFoundAndIgnoredWhenItDoesNotFit) {
  const std::string set =
      folder_.write("kind.txt", "category: medium\nstatement: It is {a} {label}.\n---\nphoto\nsketch\n")
          .string();
  const std::string tree = many();
  const auto caption = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"caption",  "-v", "--format",           "json",
                                       "--labels", set,  tree + "/photo/0.ppm"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return std::make_pair(json::parse(result.out)["statements"][0], result.err);
  };
  const auto [before, told_before] = caption({});
  EXPECT_EQ(before["confidence"], before["probability"]);
  EXPECT_NE(told_before.find("has no calibration"), std::string::npos) << told_before;

  const ProgramResult made = run({"calibrate", "--set", set, "--images", tree});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const std::string file = lines_of(made.out).at(0);
  EXPECT_EQ(file.rfind(path("data"), 0), 0U) << file;
  const auto [after, told_after] = caption({});
  EXPECT_NE(after["confidence"], after["probability"]);
  EXPECT_NE(told_after.find("is calibrated by"), std::string::npos) << told_after;
  EXPECT_EQ(caption({"--rank", "probability"}).first["confidence"], before["confidence"]);
  EXPECT_EQ(run({"eval", tree, "--set", set}).exit_code, 0);

  json stored = json::parse(content_of(file));
  stored["logit_scale"] = 99.0;
  std::ofstream(file) << stored.dump();
  const auto [ignored, told_ignored] = caption({});
  EXPECT_EQ(ignored["confidence"], before["confidence"]);
  EXPECT_NE(told_ignored.find("another state of the model"), std::string::npos) << told_ignored;
  std::ofstream(file) << "{";
  EXPECT_NE(caption({}).second.find("warning: calibration file is broken"), std::string::npos);
}

TEST_F(EvalTest, NanosOwnSetsAreCalibrated) {
  const ProgramResult result = run({"caption", "-v", path("tree/photo/0.ppm")});
  EXPECT_EQ(result.exit_code, 0);
  for (const char* set : {"medium", "objects", "scene", "mascots"}) {
    EXPECT_NE(result.err.find("label set nano/" + std::string(set) + " is calibrated by"), std::string::npos)
        << result.err;
  }
}

}  // namespace
}  // namespace kiloword::testing
