#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "cli/batch_fixture.h"

namespace kiloword::testing {
namespace {

using ::testing::HasSubstr;

class SearchTest : public BatchTest {
 protected:
  ProgramResult index(std::vector<std::string> more = {}, ProgramSetup setup = {}) const {
    more.insert(more.begin(), {"index", path("in"), "--model", "nano"});
    return run(more, std::move(setup));
  }
  ProgramResult search(std::vector<std::string> more) const {
    more.insert(more.begin(), {"search", "--in", path("in")});
    return run(more);
  }
  std::vector<std::string> found(const std::vector<std::string>& more) const {
    std::vector<std::string> options{"-0", "--top", "1000"};
    options.insert(options.end(), more.begin(), more.end());
    std::vector<std::string> paths;
    std::istringstream stream(search(options).out);
    for (std::string one; std::getline(stream, one, '\0');) paths.push_back(one);
    return paths;
  }
};

TEST_F(SearchTest, AnImageFindsItselfAndTextsFindSomething) {
  small_pictures(40);
  folder_.write("in/1/bad.jpg", "bad");
  const ProgramResult made = index();
  EXPECT_EQ(made.exit_code, 1);
  EXPECT_THAT(made.err, HasSubstr("bad.jpg: not an image file"));
  EXPECT_THAT(made.err, HasSubstr("40 indexed, 1 failed"));
  const auto like = records_of(search({"--like", path("in/3/000003.ppm"), "--format", "json", "--top", "2"}));
  ASSERT_EQ(like.size(), 2U);
  EXPECT_EQ(like[0]["path"], path("in/3/000003.ppm"));
  EXPECT_EQ(like[0]["rank"], 1);
  EXPECT_GT(like[0]["cosine"], 0.9999);
  EXPECT_EQ(lines_of(search({"a", "red", "square"}).out).size(), 10U);
  EXPECT_EQ(search({"a red square"}).out, search({"a", "red", "square"}).out);
  EXPECT_NE(search({"a red square", "+", path("in/3/000003.ppm")}).out, search({"a red square"}).out);
  EXPECT_EQ(found({"x"}).size(), 40U);
  EXPECT_EQ(run({"search", "--in", path("in/3"), "-0", "x", "--top", "99"}).out.find(path("in/4")),
            std::string::npos);
  EXPECT_EQ(search({"x", "--min-cosine", "0.99"}).out, "");
}

TEST_F(SearchTest, APageShowsWhatIsFound) {
  small_pictures(5);
  index();
  const ProgramResult made = search(
      {"a red", "square", "--like", path("in/3/000003.ppm"), "--html", path("page.html"), "--top", "3"});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(made.out, "");
  const std::string page = content("page.html");
  EXPECT_THAT(page, HasSubstr("<h1>a red square + " + path("in/3/000003.ppm") + "</h1>"));
  EXPECT_THAT(page, HasSubstr("3 images, best first; model nano"));
  EXPECT_THAT(page, HasSubstr("<a href=\"./in/3/000003.ppm\">"));
  size_t thumbnails = 0;
  for (size_t at = 0; (at = page.find("data:image/jpeg;base64,", at)) != std::string::npos; ++at)
    ++thumbnails;
  EXPECT_EQ(thumbnails, 3U);
  EXPECT_EQ(search({"x", "--html", path("page.html")}).exit_code, 2) << "it is there";
  EXPECT_EQ(search({"x", "--html", path("page.html"), "--overwrite", "--thumbnails", "0"}).exit_code, 0);
  EXPECT_EQ(content("page.html").find("data:image/jpeg"), std::string::npos);
  EXPECT_EQ(search({"x", "--html", "-", "--top", "1"}).out.substr(0, 15), "<!doctype html>");
  EXPECT_EQ(search({"x", "--html", path("other.html"), "-0"}).exit_code, 2);
  EXPECT_EQ(search({"x", "--thumbnails", "64"}).exit_code, 2);
}

TEST_F(SearchTest, AnUpdateLooksAtWhatIsNewAndChangedAlone) {
  small_pictures(12);
  EXPECT_EQ(index().exit_code, 0);
  EXPECT_THAT(index().err, HasSubstr("0 indexed, 0 failed, 12 unchanged in "));
  std::filesystem::rename(path("in/1/000001.ppm"), path("in/moved.ppm"));
  std::filesystem::remove(path("in/2/000002.ppm"));
  small_picture("in/3/000003.ppm", 50);
  std::filesystem::last_write_time(path("in/3/000003.ppm"), std::filesystem::file_time_type::clock::now());
  small_picture("in/new.ppm", 51);
  const ProgramResult before = search({"-0", "x", "--top", "99"});
  EXPECT_THAT(before.err, HasSubstr("no longer in the folder: 2 of the images"));
  EXPECT_EQ(before.out.find("000002.ppm"), std::string::npos);
  EXPECT_THAT(index().err, HasSubstr("3 indexed, 0 failed, 1 of them renamed, 9 unchanged"));
  const auto paths = found({"x"});
  EXPECT_EQ(paths.size(), 12U);
  EXPECT_THAT(paths, ::testing::Contains(path("in/moved.ppm")));
  std::filesystem::copy(path("in"), path("copy"), std::filesystem::copy_options::recursive);
  EXPECT_EQ(lines_of(run({"search", "--in", path("copy"), "x", "--top", "99"}).out).size(), 12U)
      << "it is its own";
}

TEST_F(SearchTest, AKilledRunIsGoneOnWith) {
  small_pictures(600);
  ProgramSetup setup;
  setup.meanwhile = [](pid_t program) {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    ::kill(program, SIGKILL);
  };
  for (int i = 0; i < 3; ++i) index({"--threads", "1"}, setup);
  EXPECT_EQ(index().exit_code, 0);
  EXPECT_EQ(found({"x"}).size(), 600U);
  const auto whole = found({"x"});
  EXPECT_EQ(index({"--overwrite"}).exit_code, 0);
  EXPECT_EQ(found({"x"}), whole);
}

TEST_F(SearchTest, WhatCannotBeSearchedIsOneLineAndExitCodeThree) {
  small_pictures(3);
  const auto refusal = [&](const std::string& why) {
    const ProgramResult result = search({"x"});
    EXPECT_EQ(result.exit_code, 3) << why;
    EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
    EXPECT_THAT(result.err, HasSubstr(why));
    EXPECT_EQ(result.out, "");
  };
  refusal("no index for this folder");
  ASSERT_EQ(index().exit_code, 0);
  const std::string whole = content("in/.kiloword-index");
  folder_.write("in/.kiloword-index", whole.substr(0, whole.size() - 70));
  refusal("not finished");
  EXPECT_EQ(search({"x", "--incomplete"}).exit_code, 0);
  std::string damaged = whole;
  damaged[64 + 128 + 70] = static_cast<char>(damaged[64 + 128 + 70] ^ 1);
  folder_.write("in/.kiloword-index", damaged);
  EXPECT_EQ(search({"x"}).exit_code, 3);
  folder_.write("in/.kiloword-index", "no index");
  refusal("not an index");
  EXPECT_EQ(index().exit_code, 3);
  EXPECT_EQ(index({"--overwrite"}).exit_code, 0);
  EXPECT_EQ(search({"x", "--precision", "int8"}).exit_code, 3);
  EXPECT_EQ(run({"search", "--index", path("in/.kiloword-index"), "--in", path("."), "x"}).exit_code, 2);
  EXPECT_EQ(search({}).exit_code, 2);
  EXPECT_EQ(search({"x", "-", "x"}).exit_code, 2);
}

TEST_F(SearchTest, IndexesMayLieElsewhere) {
  small_pictures(3);
  ASSERT_EQ(index({"--index", path("mine")}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(path("in/.kiloword-index")));
  const ProgramResult result = run({"search", "--index", path("mine"), "-0", "x"});
  EXPECT_THAT(result.out, HasSubstr("in/0/000000.ppm"));
  std::filesystem::create_directories(path("other"));
  const ProgramResult other = run({"index", path("other"), "--index", path("mine"), "--model", "nano"});
  EXPECT_EQ(other.exit_code, 3);
  EXPECT_THAT(other.err, HasSubstr("belongs to another folder"));
}

TEST_F(SearchTest, LabelsAreThoseOfCaptions) {
  small_pictures(30);
  ASSERT_EQ(index().exit_code, 0);
  const std::vector<std::string> statements{"--min-confidence", "0.2", "--per-set", "3", "--top-k", "99"};
  std::vector<std::string> captioning{"caption", "--model", "nano", "--format", "json"};
  captioning.insert(captioning.end(), statements.begin(), statements.end());
  for (const std::string& image : found({"x"})) captioning.push_back(image);
  std::map<std::string, std::set<std::string>> images_of;
  for (const auto& record : records_of(run(captioning))) {
    for (const auto& statement : record["statements"]) {
      if (!statement["said"]) continue;
      images_of[statement["label"]].insert(record["path"]);
      for (const auto& name : statement.value("hypernyms", nlohmann::json::array())) {
        images_of[name].insert(record["path"]);
      }
    }
  }
  ASSERT_FALSE(images_of.empty());
  for (const auto& [label, images] : images_of) {
    const auto shown = found({"--label", label, "--min-confidence", "0.2"});
    EXPECT_EQ(std::set<std::string>(shown.begin(), shown.end()), images) << label;
    EXPECT_EQ(found({"a", "square", "--label", label, "--min-confidence", "0.2"}).size(), images.size());
  }
  EXPECT_EQ(search({"--label", "no such label"}).exit_code, 2);
}

TEST_F(SearchTest, SeveralIndexesAreSearchedAsOne) {
  small_pictures(30);
  ASSERT_EQ(index().exit_code, 0);
  const std::string whole = search({"a square", "--top", "99", "--format", "json"}).out;
  std::filesystem::remove(path("in/.kiloword-index"));
  std::vector<std::string> arguments{"search", "a square", "--top", "99", "--format", "json"};
  for (int i = 0; i < 7; ++i) {
    const std::string folder = path("in/" + std::to_string(i));
    ASSERT_EQ(run({"index", folder, "--model", "nano"}).exit_code, 0);
    arguments.insert(arguments.end(), {"--index", folder});
  }
  EXPECT_EQ(run(arguments).out, whole);
  arguments.insert(arguments.end(), {"--index", path("in/3")});  // given twice
  EXPECT_EQ(run(arguments).out, whole);
  const std::vector<std::string> below_two{"search",  "-0",         "a square", "--in",      path("in/2"),
                                           "--index", path("in/1"), "--index",  path("in/2")};
  EXPECT_EQ(run(below_two).out.find(path("in/1")), std::string::npos);
  ASSERT_EQ(run({"index", path("in/6"), "--model", "nano", "--precision", "int8", "--overwrite"}).exit_code,
            0);
  const ProgramResult mixed = run(arguments);
  EXPECT_EQ(mixed.exit_code, 3);
  EXPECT_THAT(mixed.err, HasSubstr("made with another model or precision ('nano') than"));
}

TEST_F(SearchTest, DuplicatesAreGrouped) {
  small_pictures(6);
  std::filesystem::copy_file(path("in/2/000002.ppm"), path("in/copy.ppm"));
  ASSERT_EQ(index().exit_code, 0);
  const ProgramResult result = run({"duplicates", path("in"), "--min-cosine", "0.999999"});
  EXPECT_EQ(result.out, path("in/2/000002.ppm") + "\n" + path("in/copy.ppm") + "\n\n");
  const auto group =
      records_of(run({"duplicates", path("in"), "--min-cosine", "0.999999", "--format", "json"}));
  ASSERT_EQ(group.size(), 1U);
  EXPECT_EQ(group[0]["paths"].size(), 2U);
  std::filesystem::remove(path("in/copy.ppm"));
  EXPECT_EQ(run({"duplicates", path("in"), "--min-cosine", "0.999999"}).out, "") << "it is gone";
}

}  // namespace
}  // namespace kiloword::testing
