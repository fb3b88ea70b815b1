#include <fstream>
#include <set>

#include "cli/cli_fixture.h"

namespace kiloword::testing {
namespace {

using DescribeTest = CliTest;

TEST_F(DescribeTest, OneLineForEachImage) {
  run({"describe", picture("a.ppm")});  // fills the cache of label embeddings, whose progress may be told
  const ProgramResult result = run({"describe", picture("a.ppm"), picture("b.ppm", 50, 20, 3)});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const auto lines = lines_of(result.out);
  ASSERT_EQ(lines.size(), 2U);
  for (const std::string& line : lines) EXPECT_GT(line.size(), 5U);
}

TEST_F(DescribeTest, RecordFollowsTheSchema) {
  const std::string image = picture("a.ppm");
  const ProgramResult result = run({"describe", "--ground", "off", "--format", "json", "--seed", "3", image});
  const auto record = nlohmann::ordered_json::parse(result.out);
  std::vector<std::string> keys;
  for (const auto& [key, value] : record.items()) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"schema", "path", "status", "caption", "description",
                                            "clip_cosine", "source", "tokens", "seed", "width", "height",
                                            "model", "ms", "language_model"}));
  EXPECT_EQ(record["seed"], 3);
  EXPECT_TRUE(record["model"] == "lite" || record["model"] == "nano")
      << "nano stands in where the image tower is missing";
  EXPECT_EQ(record["language_model"], "nano-lm");
  ASSERT_GT(record["tokens"].size(), 1U);
  for (const auto& token : record["tokens"]) {
    EXPECT_LE(token["logprob"].get<double>(), 0);
    EXPECT_LE(std::abs(token["cosine"].get<double>()), 1);
  }
}

TEST_F(DescribeTest, TellsWhereTheTextComesFromAndWhatSupportsIt) {
  const auto records = records_of(run({"describe", "--format", "json", picture("a.ppm")}));
  ASSERT_EQ(records.size(), 1U);
  const std::string source = records[0]["source"];
  EXPECT_EQ(std::set<std::string>({"guided", "facts", "labels"}).count(source), 1U) << source;
  EXPECT_EQ(records[0].contains("reason"), source != "guided");
  EXPECT_EQ(records[0].contains("words"), source != "labels");
}

TEST_F(DescribeTest, ThreadsAndOrderDoNotMatter) {
  const std::string a = picture("a.ppm");
  const std::string b = picture("b.ppm", 50, 20, 3);
  const auto without_ms = [](std::vector<nlohmann::json> records) {
    for (auto& record : records) record.erase("ms");
    return records;
  };
  const std::vector<std::string> options{"describe", "--format", "json", "--temperature", "1", "--seed",
                                         "5",        "--beams",  "2"};
  const auto described = [&](std::vector<std::string> more) {
    more.insert(more.begin(), options.begin(), options.end());
    return without_ms(records_of(run(more)));
  };
  const auto one = described({"--threads", "1", a, b});
  const auto two = described({"--threads", "2", b, a});
  ASSERT_EQ(one.size(), 2U);
  EXPECT_EQ(one[0], two[1]);
  EXPECT_EQ(one[1], two[0]);
}

TEST_F(DescribeTest, DemoWritesAllItsTokens) {
  const ProgramResult result =
      run({"describe", "--preset", "demo", "--format", "json", "--tokens", "6", picture("a.ppm")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto record = nlohmann::json::parse(result.out);
  EXPECT_EQ(record["tokens"].size(), 6U);
  EXPECT_EQ(record["description"].get<std::string>().rfind("An image of", 0), 0U);
}

TEST_F(DescribeTest, OutputRulesHold) {
  const std::string avoid = folder_.write("avoid.txt", "# no animals\ndog\ndogs\nman\nwoman\n").string();
  const ProgramResult result = run({"describe", "--avoid", avoid, "--must-include", "red bicycle",
                                    "--max-chars", "90", "--tokens", "20", picture("a.ppm")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("red bicycle"), std::string::npos) << result.out;
  EXPECT_EQ(result.out.find(" dog"), std::string::npos) << result.out;
  EXPECT_LE(result.out.size(), 91U);
}

TEST_F(DescribeTest, SaysWhenNothingIsLeft) {
  const std::string image = picture("a.ppm");
  const ProgramResult result = run({"describe", "--must-include", "zebra", "--max-chars", "3", image});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "kiloword: " + image +
                            ": no description is left that the output rules allow; relax --avoid, "
                            "--must-include or --max-chars, or raise --candidates or --tokens\n");
  const auto records =
      records_of(run({"describe", "--must-include", "zebra", "--max-chars", "3", "--format", "json", image}));
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0]["status"], "error");
}

TEST_F(DescribeTest, AnotherProgramMayScore) {
  // Scores every text by its length.
  const std::string scorer =
      folder_
          .write("scorer.sh",
                 "while read -r line; do printf '%s' \"$line\" | sed 's/.*\"texts\":\\[//' | "
                 "awk -F '\",\"' '{ printf \"{\\\"scores\\\":[\"; for (i = 1; i <= NF; ++i) "
                 "printf(\"%s%d\", (i > 1) ? \",\" : \"\", length($i)); print \"]}\" }'; done\n")
          .string();
  const ProgramResult result = run({"describe", "--preset", "demo", "--clip-weight", "0", "--scorer",
                                    "sh " + scorer, "--candidates", "20", "--tokens", "3", picture("a.ppm")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_GT(result.out.size(), std::string("An image of").size());

  const ProgramResult gone = run({"describe", "-q", "--scorer", "exit 3", picture("a.ppm")});
  EXPECT_EQ(gone.exit_code, 3);
  EXPECT_EQ(lines_of(gone.err).size(), 1U) << gone.err;
  EXPECT_EQ(gone.err.rfind("kiloword: exit 3: ", 0), 0U) << gone.err;
}

// Whether they sleep otherwise depends on the machine's load. A scorer inherits the environment.
TEST_F(DescribeTest, TheEnvironmentDecidesHowThreadsWait) {
  const std::string seen = path("policy");
  ProgramSetup setup;
  setup.environment = {{"OMP_WAIT_POLICY", "active"}};
  const std::string scorer = "printf '%s' \"$OMP_WAIT_POLICY\" > " + seen + "; exit 3";
  EXPECT_EQ(run({"describe", "--scorer", scorer, picture("a.ppm")}, setup).exit_code, 3);
  std::string policy;
  std::getline(std::ifstream(seen), policy);
  EXPECT_EQ(policy, "active");
}

TEST_F(DescribeTest, WatchingShowsTheSearchOnStderr) {
  const ProgramResult result =
      run({"describe", "--watch", "--tokens", "3", "--stop", "never", picture("a.ppm")});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(lines_of(result.out).size(), 1U);
  EXPECT_EQ(lines_of(result.err).size(), 3U * (1 + 5)) << result.err;
  EXPECT_NE(result.err.find("log p"), std::string::npos);
  EXPECT_EQ(result.err.find('\x1b'), std::string::npos) << "no escape sequences outside of terminals";
}

TEST_F(DescribeTest, WatchingEndsWithTheSupportOfTheWords) {
  const ProgramResult result = run({"describe", "--watch", picture("a.ppm")});
  EXPECT_EQ(result.exit_code, 0);
  ASSERT_FALSE(lines_of(result.err).empty());
  EXPECT_EQ(lines_of(result.err).back().rfind("support: ", 0), 0U) << result.err;
}

TEST_F(DescribeTest, WhatWasWrittenStaysWhenInterrupted) {
  const std::string image = picture("a.ppm");
  std::string list;
  for (int i = 0; i < 5000; ++i) list += image + "\n";
  ProgramSetup setup;
  setup.input = list;
  const ProgramResult result = run_program({"timeout", "--preserve-status", "--signal", "TERM", "15",
                                            KILOWORD_PROGRAM, "describe", "--files-from", "-"},
                                           setup);
  EXPECT_EQ(result.exit_code, 130);
  const auto lines = lines_of(result.out);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(result.out.back(), '\n');
  for (const std::string& line : lines) EXPECT_EQ(line, lines.front()) << "a torn line";
}

TEST_F(DescribeTest, WrongArguments) {
  const std::string image = picture("a.ppm");
  const auto refusal = [&](std::vector<std::string> arguments, int exit_code) {
    arguments.insert(arguments.begin(), {"describe", image});
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
    return result.err;
  };
  EXPECT_NE(
      refusal({"--candidates", "100000"}, 2).find("candidates, but the language model's vocabulary has"),
      std::string::npos);
  std::string long_prompt;
  for (int i = 0; i < 200; ++i) long_prompt += "dog ";
  EXPECT_NE(refusal({"--prompt", long_prompt}, 2).find("tokens, the language model takes"),
            std::string::npos);
  EXPECT_NE(refusal({"--preset", "best"}, 2).find("--preset"), std::string::npos);
  EXPECT_NE(refusal({"--avoid", path("absent.txt")}, 2).find("absent.txt"), std::string::npos);
  EXPECT_NE(refusal({"--lm", "nano"}, 3).find("model_type"), std::string::npos);
  EXPECT_NE(refusal({"--model", "nano-lm"}, 3).find("model_type"), std::string::npos);
  EXPECT_NE(refusal({"--lm", "absent"}, 3).find("unknown model 'absent'"), std::string::npos);
}

}  // namespace
}  // namespace kiloword::testing
