#include <gmock/gmock.h>

#include "cli/cli_fixture.h"

namespace kiloword::testing {
namespace {

using ::testing::HasSubstr;

class SettingsTest : public CliTest {
 protected:
  /// Writes the user's configuration file and returns its path.
  std::string configure(const std::string& text) const {
    return folder_.write("config/kiloword/config.toml", text).string();
  }
  static ProgramSetup with(const std::string& variable, const std::string& value) {
    ProgramSetup setup;
    setup.environment.emplace_back(variable, value);
    return setup;
  }
};

TEST_F(SettingsTest, ArgumentsCountBeforeTheEnvironmentAndThatBeforeTheFile) {
  EXPECT_EQ(run({"labels", "list"}).out.substr(0, 4), "NAME");
  configure("format = \"json\"  # records\n");
  EXPECT_EQ(run({"labels", "list"}).out.substr(0, 1), "{");
  EXPECT_EQ(run({"labels", "list"}, with("KILOWORD_FORMAT", "text")).out.substr(0, 4), "NAME");
  EXPECT_EQ(run({"labels", "list", "--format", "json"}, with("KILOWORD_FORMAT", "text")).out.substr(0, 1),
            "{");
}

TEST_F(SettingsTest, ATableIsOfItsCommandAndCountsBeforeWhatIsAboveAllTables) {
  configure("format = 'json'\n[labels.list]\nformat = 'text'\n[models]\n");
  EXPECT_EQ(run({"labels", "list"}).out.substr(0, 4), "NAME");
  EXPECT_EQ(run({"models", "list"}).out.substr(0, 1), "{");
}

TEST_F(SettingsTest, AFileCanBeNamed) {
  const std::string file = folder_.write("other.toml", "format = \"json\"").string();
  EXPECT_EQ(run({"labels", "list", "--config", file}).out.substr(0, 1), "{");
  EXPECT_EQ(run({"labels", "list"}, with("KILOWORD_CONFIG", file)).out.substr(0, 1), "{");
  EXPECT_EQ(run({"labels", "list", "--config", "/dev/null"}).exit_code, 0) << "an empty one";
  EXPECT_EQ(run({"labels", "list", "--config", folder_.path().string()}).exit_code, 2);
  const ProgramResult absent = run({"labels", "list", "--config", path("absent.toml")});
  EXPECT_EQ(absent.exit_code, 2);
  EXPECT_EQ(absent.err,
            "kiloword: " + path("absent.toml") + ": no configuration file; give a TOML file, or none\n");
  EXPECT_EQ(
      run({"caption", "--config", "/dev/zero", "a.jpg"}).err,
      "kiloword: /dev/zero: configuration file of more than 65536 bytes; give a TOML file of settings\n");
}

TEST_F(SettingsTest, ErrorsNameTheLineAndTheRemedy) {
  const auto error_of = [&](const std::string& text) {
    const std::string file = configure(text);
    std::string error = run({"caption", "a.jpg"}).err;
    const std::string begin = "kiloword: " + file;
    EXPECT_EQ(error.rfind(begin, 0), 0U) << error;
    return error.substr(std::min(begin.size(), error.size()));
  };
  EXPECT_EQ(error_of("\ntopk = 2\n"), ":2: no option 'topk'; did you mean 'top' or 'top-k'?\n");
  EXPECT_EQ(error_of("[capton]\ntop-k = 2\n"), ":2: no command 'capton'; see 'kiloword --help'\n");
  EXPECT_EQ(error_of("[tokenize]\n\ntop_k = 2\n"),
            ":3: no option 'top-k' of tokenize; see 'kiloword help tokenize'\n");
  EXPECT_EQ(error_of("# mine\n[caption]\nmin-confidence = 'half'\n"),
            ":3: --min-confidence: Value half is not a number from 0 to 1; see 'kiloword caption --help'\n");
  EXPECT_EQ(error_of("quiet = \"maybe\"\n"), ":1: --quiet is on or off, not 'maybe'; write true or false\n");
  EXPECT_EQ(error_of("just words\n"),
            ":1: neither a table nor a setting; write OPTION = VALUE, e.g. top-k = 2\n");
}

TEST_F(SettingsTest, AWrongVariableIsNamed) {
  const ProgramResult result = run({"caption", "a.jpg"}, with("KILOWORD_MAX_PIXELS", "many"));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err,
            "kiloword: KILOWORD_MAX_PIXELS: --max-pixels: Value many is not a whole number above 0; see "
            "'kiloword caption "
            "--help'\n");
}

TEST_F(SettingsTest, ListsFlagsAndRequiredOptionsCanBeSet) {
  configure("text = [\"a dog\", \"a cat\"]\nquiet = true\nverbose = false\n");
  const ProgramResult score = run({"score", picture("a.ppm")});
  EXPECT_EQ(score.exit_code, 0) << score.err;
  EXPECT_EQ(lines_of(score.out).size(), 2U);
  const ProgramResult embed = run({"embed"}, with("KILOWORD_TEXT", "a bird\na fish\na tree"));
  EXPECT_EQ(lines_of(embed.out).size(), 3U) << embed.err;
  EXPECT_EQ(run({"merge", "a"}).err, "kiloword: error: --output is required; see 'kiloword merge --help'\n");
}

TEST_F(SettingsTest, WhatAnArgumentExcludesIsPassedOver) {
  const ProgramResult result = run({"labels", "list", "-v"}, with("KILOWORD_QUIET", "1"));
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(SettingsTest, DoctorShowsThemAndHelpNeedsNone) {
  const std::string file = configure("top-k = 2\n[caption]\nauthor = \"Ada\"\n");
  const std::string doctor = run({"doctor"}, with("KILOWORD_PER_SET", "2")).out;
  EXPECT_THAT(doctor, HasSubstr("arguments, then KILOWORD_* in the environment, then " + file));
  EXPECT_THAT(doctor, HasSubstr("2 (KILOWORD_PER_SET)"));
  EXPECT_THAT(doctor, HasSubstr("2 (" + file + ":1)"));
  EXPECT_THAT(doctor, HasSubstr("Ada (" + file + ":3)"));
  configure("nonsense\n");
  EXPECT_EQ(run({"help", "caption"}).exit_code, 0);
  EXPECT_EQ(run({"completion", "bash"}).exit_code, 0);
}

TEST_F(SettingsTest, ColourCanBeForced) {
  const auto has_colour = [&](std::vector<std::pair<std::string, std::string>> environment) {
    ProgramSetup setup;
    for (auto& variable : environment) setup.environment.push_back(std::move(variable));
    return run({"caption", "--model", "mega", "a.jpg"}, setup).err.find('\x1b') != std::string::npos;
  };
  EXPECT_TRUE(has_colour({{"CLICOLOR_FORCE", "1"}}));
  EXPECT_FALSE(has_colour({{"CLICOLOR_FORCE", "0"}}));
  EXPECT_FALSE(has_colour({{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}));
}

}  // namespace
}  // namespace kiloword::testing
