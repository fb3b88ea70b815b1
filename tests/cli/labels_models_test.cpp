#include <map>

#include "cli/cli_fixture.h"

namespace kiloword::testing {
namespace {

using nlohmann::json;
using LabelsTest = CliTest;
using ModelsTest = CliTest;
using DoctorTest = CliTest;

TEST_F(LabelsTest, ListIsATableForPeopleAndJsonForPrograms) {
  const ProgramResult table = run({"labels", "list"});
  EXPECT_EQ(table.exit_code, 0);
  EXPECT_EQ(table.out.rfind("NAME ", 0), 0U);
  bool found = false;
  for (const json& set : records_of(run({"labels", "list", "--format", "json"}))) {
    found = found || (set["name"] == "objects" && set["labels"].get<int>() >= 1000);
  }
  EXPECT_TRUE(found);
}

TEST_F(LabelsTest, ShowTellsWhatIsMatchedAndSaid) {
  const ProgramResult text = run({"labels", "show", "eliza/places"});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_NE(text.out.find("This image depicts an amusement park."), std::string::npos);
  const auto labels = records_of(run({"labels", "show", "nano/medium", "--format", "json"}));
  EXPECT_GE(labels.size(), 4U);
  EXPECT_TRUE(labels[0].contains("statement") && labels[0].contains("match"));
  EXPECT_EQ(run({"labels", "show", "nothing-like-it"}).exit_code, 3);
}

TEST_F(LabelsTest, ShippedSetsAreClean) {
  const ProgramResult result = run({"labels", "lint"});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_NE(result.out.find(" 0 errors, 0 warnings\n"), std::string::npos) << result.out;
}

TEST_F(LabelsTest, LintNamesFileAndLine) {
  const std::string bad =
      folder_.write("bad.txt", "category: x\nstatement: It is {label}.\n---\none\n\nTwo\ntwo\n").string();
  const ProgramResult result = run({"labels", "lint", bad});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out.rfind(bad + ":7: error: ", 0), 0U) << result.out;
  const std::string wordy =
      std::string("category: x\nstatement: It is {label}.\n---\n") + std::string(400, 'x') + "\n";
  const ProgramResult over = run({"labels", "lint", folder_.write("long.txt", wordy).string()});
  EXPECT_NE(over.out.find("tokens"), std::string::npos) << over.out;
}

TEST_F(LabelsTest, LintOfAFileThatIsNotThereGoesOn) {
  const std::string good =
      folder_.write("good.txt", "category: x\nstatement: It is {label}.\n---\none\ntwo\n").string();
  const ProgramResult result = run({"labels", "lint", path("absent.txt"), good});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, path("absent.txt") +
                            ": error: no such file or directory; name a label file, or a set of "
                            "`kiloword labels list`\n2 files, 1 errors, 0 warnings\n");
}

TEST_F(LabelsTest, BuildFillsTheCache) {
  EXPECT_EQ(run({"labels", "build"}).exit_code, 0);
  const ProgramResult caption = run({"-v", "caption", picture("a.ppm")});
  EXPECT_NE(caption.err.find(" 0 texts encoded"), std::string::npos) << caption.err;
}

TEST_F(ModelsTest, ListAndInfo) {
  EXPECT_NE(run({"models", "list"}).out.find("nano"), std::string::npos);
  EXPECT_EQ(records_of(run({"models", "list", "--format", "json"})).at(1)["name"], "nano");
  const json info = records_of(run({"models", "info", "nano", "--format", "json"})).at(0);
  EXPECT_GT(info["embedding_dim"].get<int>(), 0);
  const json lm = records_of(run({"models", "info", "nano-lm", "--format", "json"})).at(0);
  EXPECT_EQ(lm["kind"], "language model");
  EXPECT_EQ(lm["context_length"], 64);
  EXPECT_NE(run({"models", "info", "nano"}).out.find("model.safetensors"), std::string::npos);
  EXPECT_EQ(run({"models", "info", "mega"}).exit_code, 3);
}

TEST_F(ModelsTest, InfoIsACard) {
  const json nano = records_of(run({"models", "info", "nano", "--format", "json"})).at(0);
  EXPECT_EQ(nano["images"], "64 x 64 px");
  EXPECT_EQ(nano["languages"], "English");
  EXPECT_FALSE(nano["calibrated"].empty());
  EXPECT_FALSE(nano.contains("speed"));
  EXPECT_NE(run({"models", "info", "nano"}).out.find("not measured: kiloword doctor --bench --model nano"),
            std::string::npos);
  const json absent = records_of(run({"models", "info", "siglip2-b-16-naflex", "--format", "json"})).at(0);
  EXPECT_EQ(absent["images"], "of any shape, up to 256 patches of 16 px");
  EXPECT_EQ(absent["context_length"], 64);
  EXPECT_EQ(absent["license"], "Apache-2.0");
}

TEST_F(ModelsTest, ListSaysWhichToTake) {
  std::map<std::string, std::string> taken;
  for (const json& model : records_of(run({"models", "list", "--format", "json"}))) {
    if (model.contains("take_for")) taken[model["take_for"]] = model["name"];
  }
  EXPECT_EQ(taken["captions, small and quick"], "lite");
  EXPECT_EQ(taken["captions, the best"], "siglip2-so400m");
  EXPECT_EQ(taken["captions in many languages"], "siglip2-b-16");
  const std::string list = run({"models", "list"}).out;
  EXPECT_NE(list.find("\n\nfor captions, small and quick:"), std::string::npos) << list;
  EXPECT_NE(list.find("for captions in many languages:  siglip2-b-16\n"), std::string::npos) << list;
}

TEST_F(ModelsTest, BrokenModelFolderIsExit3) {
  folder_.write("m/config.json", "{");
  const ProgramResult result = run({"caption", picture("a.ppm"), "--model", path("m")});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(lines_of(result.err).size(), 1U);
  EXPECT_NE(result.err.find(path("m/config.json")), std::string::npos) << result.err;
}

TEST_F(DoctorTest, SelfTestOfTheBundledModelPasses) {
  const ProgramResult text = run({"doctor"});
  EXPECT_EQ(text.exit_code, 0) << text.out;
  EXPECT_NE(text.out.find("self-test of model nano"), std::string::npos);
  EXPECT_EQ(text.out.find("FAILED"), std::string::npos) << text.out;
  const json report = records_of(run({"doctor", "--format", "json"})).at(0);
  ASSERT_EQ(report["self_tests"].size(), 2U);
  EXPECT_EQ(report["self_tests"][1]["model"], "nano-lm");
  for (const json& test : report["self_tests"])
    EXPECT_GE(test["checks"].size(), 5U) << "the reference's texts are checked";
}

TEST_F(DoctorTest, BenchIsRemembered) {
  const json report = records_of(run({"doctor", "--bench", "--model", "nano", "--format", "json"})).at(0);
  const json& speed = report["self_tests"][0]["speed"];
  EXPECT_GT(speed["images one by one"].get<double>(), 0);
  EXPECT_GT(speed["label texts"].get<double>(), 0);
  EXPECT_GT(report["self_tests"][1]["speed"]["tokens of one text"].get<double>(), 0);
  const json nano = records_of(run({"models", "info", "nano", "--format", "json"})).at(0);
  EXPECT_EQ(nano["speed"]["label texts"], speed["label texts"]);
  EXPECT_NE(run({"models", "info", "nano-lm"}).out.find("tokens of one text a second (cpu"),
            std::string::npos);
}

TEST_F(DoctorTest, WrongReferenceFails) {
  const std::filesystem::path model = folder_.path() / "altered";
  std::filesystem::copy(std::filesystem::path(KILOWORD_SOURCE_DIR) / "models" / "nano", model);
  folder_.write("altered/reference.json", R"({"texts": [{"text": "a photo", "cosine": 0.99}]})");
  const ProgramResult wrong = run({"doctor", "--model", model.string()});
  EXPECT_EQ(wrong.exit_code, 3);
  EXPECT_NE(wrong.out.find("FAILED  cosine with \"a photo\""), std::string::npos) << wrong.out;
  std::filesystem::copy(std::filesystem::path(KILOWORD_SOURCE_DIR) / "models" / "nano-lm",
                        folder_.path() / "lm");
  const std::string reference = R"({"cases": [{"text": "A", "ids": [2], "positions": [)"
                                R"({"best_3": [1], "best_logit": 0, "logsumexp": 9}]}]})";
  folder_.write("lm/reference.json", reference);
  const ProgramResult wrong_lm = run({"doctor", "--lm", path("lm")});
  EXPECT_EQ(wrong_lm.exit_code, 3);
  EXPECT_NE(wrong_lm.out.find("FAILED  next token after \"A\""), std::string::npos) << wrong_lm.out;
  for (const char* ill_formed :
       {R"({"ids": [2], "positions": []})", R"({"ids": [], "positions": [{}]})",
        R"({"ids": [1e300], "positions": [{"best_logit": 0, "logsumexp": 9}]})",
        R"({"ids": [2147483647], "positions": [{"best_logit": 0, "logsumexp": 9}]})"}) {
    folder_.write("lm/reference.json", R"({"cases": [)" + std::string(ill_formed) + "]}");
    const ProgramResult result = run({"doctor", "--lm", path("lm")});
    EXPECT_EQ(result.exit_code, 3) << ill_formed;
    EXPECT_NE((result.out + result.err).find("reference values"), std::string::npos)
        << result.out << result.err;
  }
  folder_.write("altered/reference.json", "{}");
  EXPECT_EQ(run({"doctor", "--model", model.string()}).exit_code, 3);
}

}  // namespace
}  // namespace kiloword::testing
