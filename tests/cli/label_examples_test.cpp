#include <filesystem>
#include <fstream>

#include "cli/cli_fixture.h"

namespace kiloword::testing {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// A set of two labels, and pictures of stripes: wide ones are the character.
class LabelExamplesTest : public CliTest {
 protected:
  void SetUp() override {
    set_ = folder_
               .write("cast.txt",
                      "category: characters\nstatement: This is {label}.\nmatch: a picture of {label}\n---\n"
                      "a sketch\na photo\n")
               .string();
    fs::create_directories(path("all"));
    for (int i = 0; i < 24; ++i) picture("all/" + std::to_string(i) + ".ppm", 16, 16, 1 + i);
    fs::create_directories(path("many"));
    for (int i = 0; i < 45; ++i) picture("many/" + std::to_string(i) + ".ppm", 16, 16, 1 + i);
    for (int i = 0; i < 3; ++i)
      hero_.push_back(picture("hero" + std::to_string(i) + ".ppm", 64, 48, 131 + i));
  }

  ProgramResult add(const std::string& label, std::vector<std::string> arguments) const {
    std::vector<std::string> all{"labels", "add-example", set_, label};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run(all);
  }

  ProgramResult add_hero() const {
    return add("Hero", {hero_[0], hero_[1], hero_[0], "--background", path("all")});
  }

  /// The set's best statement about `image`, by cosine.
  json best_label(const std::string& image) const {
    const ProgramResult result =
        run({"caption", "--format", "json", "--rank", "cosine", "--labels", set_, image});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return json::parse(result.out)["statements"][0]["label"];
  }

  size_t stored_files() const {
    size_t count = 0;
    if (!fs::exists(path("data"))) return 0;
    for (const auto& entry : fs::recursive_directory_iterator(path("data")))
      count += entry.path().extension() == ".json" ? 1U : 0U;
    return count;
  }

  std::string set_;
  std::vector<std::string> hero_;
};

TEST_F(LabelExamplesTest, ANewLabelIsAddedShownFoundAndRemoved) {
  const ProgramResult added = add_hero();
  ASSERT_EQ(added.exit_code, 0) << added.err;
  EXPECT_NE(added.err.find("2 new examples, 2 in all"), std::string::npos) << "the same picture counts once";
  EXPECT_TRUE(fs::exists(lines_of(added.out).at(0)));
  const ProgramResult shown = run({"labels", "show", set_});
  EXPECT_NE(shown.out.find("examples: under model nano: Hero (2)"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("Hero  ->  This is Hero."), std::string::npos) << shown.out;
  const auto labels = records_of(run({"labels", "show", set_, "--format", "json"}));
  ASSERT_EQ(labels.size(), 3U);
  EXPECT_FALSE(labels[0].contains("examples"));
  EXPECT_EQ(labels[2]["examples"], json::parse(R"([{"model":"nano","pictures":2}])"));
  EXPECT_EQ(best_label(hero_[2]), "Hero");

  EXPECT_EQ(add("Hero", {hero_[2]}).exit_code, 0) << "the background is kept";
  const ProgramResult other = run({"-v", "caption", "--labels", set_, "--precision", "int8", hero_[0]});
  EXPECT_NE(other.err.find("of another model or precision: they do not count"), std::string::npos)
      << other.err;
  EXPECT_EQ(run({"labels", "remove-examples", set_, "Nobody"}).exit_code, 3);
  const ProgramResult removed = run({"labels", "remove-examples", set_, "Hero"});
  EXPECT_NE(removed.err.find("3 examples removed"), std::string::npos) << removed.err;
  EXPECT_EQ(stored_files(), 0U);
  EXPECT_NE(best_label(hero_[2]), "Hero");
}

TEST_F(LabelExamplesTest, NothingIsStoredUnlessEverythingIsRight) {
  const auto refused = [this](const ProgramResult& result, int exit_code, const std::string& part) {
    EXPECT_EQ(result.exit_code, exit_code);
    EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(stored_files(), 0U);
  };
  const std::string broken = folder_.write("broken.jpg", "no picture").string();
  refused(add("Hero", {hero_[0], broken, "--background", path("all")}), 1, broken);
  refused(add("Hero", {hero_[0]}), 2, "--background DIR");
  refused(add("a | say: b", {hero_[0]}), 2, "no name for a label");
  refused(add("Hero", {}), 2, "IMAGE is required");
  fs::create_directories(path("few"));
  picture("few/1.ppm");
  refused(add("Hero", {hero_[0], "--background", path("few")}), 1, "only 1 background images");
  refused(run({"labels", "add-example", "nano", "Hero", hero_[0]}), 2, "is a group");
  refused(run({"labels", "remove-examples", set_}), 3, "no examples");
}

TEST_F(LabelExamplesTest, ABrokenFileIsAnErrorAndCalibrationsNoticeExamples) {
  const auto told = [this] { return run({"-v", "caption", "--labels", set_, hero_[0]}).err; };
  ASSERT_EQ(run({"calibrate", "--set", set_, "--images", path("many")}).exit_code, 0);
  EXPECT_NE(told().find("is calibrated by"), std::string::npos);
  const ProgramResult added = add_hero();
  ASSERT_EQ(added.exit_code, 0) << added.err;
  EXPECT_NE(told().find("has no calibration"), std::string::npos);
  ASSERT_EQ(run({"calibrate", "--set", set_, "--images", path("many")}).exit_code, 0);
  EXPECT_NE(told().find("is calibrated by"), std::string::npos) << "calibrated with the examples";

  std::ofstream(lines_of(added.out).at(0)) << "{";
  const ProgramResult broken = run({"caption", "--labels", set_, hero_[0]});
  EXPECT_EQ(broken.exit_code, 3);
  EXPECT_NE(broken.err.find("examples file is broken: no JSON"), std::string::npos) << broken.err;
}

}  // namespace
}  // namespace kiloword::testing
