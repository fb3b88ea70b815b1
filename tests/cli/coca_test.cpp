// Descriptions by tests/clip's small CoCa model, whose texts tests/clip compares with OpenCLIP's.

#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/serve_fixture.h"

namespace kiloword::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class CocaTest : public ServeTest {
 protected:
  CocaTest() {
    const fs::path data = fs::path(KILOWORD_TESTS_DIR) / "clip" / "data";
    for (const char* part : {"coca", "tokenizer"})
      fs::copy(data / part, path("model"),
               fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  }

  /// `command` with the model, and without label sets: their texts are not what these tests are about.
  ProgramResult with_coca(std::vector<std::string> command, const std::vector<std::string>& more = {}) const {
    const std::vector<std::string> options{"--model", path("model"), "--ground", "off", "--engine", "coca"};
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), more.begin(), more.end());
    return run(command);
  }

  json described(const std::vector<std::string>& more = {}) const {
    const ProgramResult result = with_coca({"describe", "--format", "json", picture("a.ppm")}, more);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    json record = result.out.empty() ? json() : json::parse(result.out);
    record.erase("ms");
    return record;
  }
};

TEST_F(CocaTest, WritesARecord) {
  const json record = described();
  EXPECT_EQ(record["source"], "coca");
  EXPECT_EQ(record["model"], "model");
  EXPECT_EQ(record["language_model"], "model");
  EXPECT_EQ(record["seed"], 0);
  ASSERT_GT(record["tokens"].size(), 5U);
  for (const json& token : record["tokens"]) {
    EXPECT_LE(token["logprob"].get<double>(), 0);
    EXPECT_LE(std::abs(token["cosine"].get<double>()), 1);
  }
  EXPECT_EQ(described({"--threads", "1"}), record);
  EXPECT_EQ(described({"--beams", "2", "--tokens", "29"}), record);
  EXPECT_LE(described({"--tokens", "7"})["tokens"].size(), 7U);
}

TEST_F(CocaTest, KeepsToTheRules) {
  const std::string avoid = folder_.write("avoid.txt", "a\nb\nc\nd\ne\n").string();
  for (const std::string word : {"a", "b", "c", "d", "e"})
    EXPECT_EQ(
        (" " + described({"--avoid", avoid})["description"].get<std::string>() + " ").find(" " + word + " "),
        std::string::npos);
  EXPECT_NE(described({"--must-include", "x y z"})["description"].get<std::string>().find("x y z"),
            std::string::npos);
  EXPECT_LE(described({"--max-chars", "9"})["description"].get<std::string>().size(), 36U);
}

/// The bundled model picks among the texts; its cosine is the one that `score` tells.
TEST_F(CocaTest, AnotherModelPicksTheText) {
  const std::vector<std::string> picking{"--rerank", "nano", "--beams", "6"};
  const json record = described(picking);
  EXPECT_EQ(record["rerank_model"], "nano");
  EXPECT_EQ(record["source"], "coca");
  EXPECT_EQ(record["model"], "model");
  const auto by_nano = [&](const std::string& text) {
    const ProgramResult result =
        run({"score", "--model", "nano", "--format", "json", "--text", text, path("a.ppm")});
    return json::parse(result.out)["scores"][0]["cosine"].get<double>();
  };
  EXPECT_NEAR(by_nano(record["description"]), record["rerank_cosine"].get<double>(), 2e-4);
  const json alone = described({"--beams", "6"});
  EXPECT_FALSE(alone.contains("rerank_model"));
  EXPECT_LE(by_nano(alone["description"]), record["rerank_cosine"].get<double>() + 2e-4);
  const auto rows = records_of(
      with_coca({"batch", "--describe", picture("b.ppm", 50, 20, 3), picture("a.ppm"), "-o", "-"}, picking));
  ASSERT_EQ(rows.size(), 2U);
  for (const char* key : {"description", "rerank_cosine", "clip_cosine", "tokens"})
    EXPECT_EQ(rows[1][key], record[key]) << key;
}

TEST_F(CocaTest, WatchShowsTheSearch) {
  const ProgramResult result = with_coca({"describe", "--watch", picture("a.ppm")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.err, "");
}

TEST_F(CocaTest, ABatchSaysWhatDescribeSays) {
  const std::vector<std::string> images{picture("a.ppm"), picture("b.ppm", 50, 20, 3),
                                        picture("c.ppm", 9, 31, 5)};
  const ProgramResult batch = with_coca({"batch", "--describe", images[0], images[1], images[2], "-o", "-"});
  EXPECT_EQ(batch.exit_code, 0) << batch.err;
  const ProgramResult alone = with_coca({"describe", "--format", "json", images[0], images[1], images[2]});
  const auto rows = records_of(batch);
  const auto records = records_of(alone);
  ASSERT_EQ(rows.size(), 3U);
  ASSERT_EQ(records.size(), 3U);
  for (size_t i = 0; i < 3; ++i) {
    for (const char* key : {"description", "clip_cosine", "source", "tokens"})
      EXPECT_EQ(rows[i][key], records[i][key]) << key;
  }
}

TEST_F(CocaTest, AServerWritesTheSame) {
  const json expected = described();
  std::ifstream file(path("a.ppm"), std::ios::binary);
  const std::string image{std::istreambuf_iterator<char>(file), {}};
  const ProgramResult server = serve(
      [&](const std::string& address) {
        const HttpAnswer whole = post(address, "/v1/describe?ground=off", "image/x", image);
        EXPECT_EQ(whole.status, 200) << whole.body;
        EXPECT_EQ(json::parse(whole.body)["description"], expected["description"]);
        const HttpAnswer streamed = post(address, "/v1/describe?ground=off&stream=1", "image/x", image);
        EXPECT_NE(streamed.body.find("event: token"), std::string::npos);
        EXPECT_NE(streamed.body.find(R"("source":"coca")"), std::string::npos) << streamed.body;
        EXPECT_EQ(post(address, "/v1/describe?engine=lm", "image/x", image).status, 404);
        const ProgramResult remote = run({"describe", "--server", address, "--ground", "off", "--engine",
                                          "coca", "--format", "json", path("a.ppm")});
        EXPECT_EQ(json::parse(remote.out)["description"], expected["description"]) << remote.err;
      },
      {"--model", path("model"), "--engine", "coca", "--labels", "medium"});
  EXPECT_EQ(server.exit_code, 0) << server.err;
}

TEST_F(CocaTest, AServerPicksTheSame) {
  const json expected = described({"--rerank", "nano"});
  std::ifstream file(path("a.ppm"), std::ios::binary);
  const std::string image{std::istreambuf_iterator<char>(file), {}};
  const ProgramResult server = serve(
      [&](const std::string& address) {
        for (const char* asked : {"", "&rerank=nano"}) {
          const HttpAnswer answer =
              post(address, std::string("/v1/describe?ground=off") + asked, "image/x", image);
          EXPECT_EQ(answer.status, 200) << answer.body;
          const json record = json::parse(answer.body);
          EXPECT_EQ(record["description"], expected["description"]);
          EXPECT_EQ(record["rerank_cosine"], expected["rerank_cosine"]);
        }
        const HttpAnswer other = post(address, "/v1/describe?rerank=lite", "image/x", image);
        EXPECT_EQ(other.status, 404);
        EXPECT_NE(other.body.find("start kiloword serve with --rerank"), std::string::npos) << other.body;
        const ProgramResult remote = run({"describe", "--server", address, "--ground", "off", "--engine",
                                          "coca", "--rerank", "nano", "--format", "json", path("a.ppm")});
        EXPECT_EQ(json::parse(remote.out)["rerank_model"], "nano") << remote.err;
      },
      {"--model", path("model"), "--engine", "coca", "--rerank", "nano", "--labels", "medium"});
  EXPECT_EQ(server.exit_code, 0) << server.err;
}

TEST_F(CocaTest, WhatDoesNotGoTogetherIsRefused) {
  const auto error_of = [&](const std::vector<std::string>& more) {
    const ProgramResult result = with_coca({"describe", picture("a.ppm")}, more);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    return result.err;
  };
  EXPECT_NE(error_of({"--temperature", "1"}).find("--temperature"), std::string::npos);
  EXPECT_NE(error_of({"--prompt", "a"}).find("--prompt"), std::string::npos);
  EXPECT_NE(error_of({"--scorer", "cat"}).find("--scorer"), std::string::npos);
  EXPECT_NE(error_of({"--tokens", "40"}).find("--tokens"), std::string::npos);
  const ProgramResult unknown = with_coca({"describe", picture("a.ppm")}, {"--rerank", "no-such-model"});
  EXPECT_EQ(unknown.exit_code, 3);
  EXPECT_NE(unknown.err.find("unknown model 'no-such-model'"), std::string::npos) << unknown.err;
  const ProgramResult without = run({"describe", "--rerank", "nano", picture("a.ppm")});
  EXPECT_EQ(without.exit_code, 2);
  EXPECT_NE(without.err.find("--rerank: applies only to descriptions by a CoCa model"), std::string::npos)
      << without.err;
  const ProgramResult server = run({"serve", "--rerank", "nano", "--port", "0"});
  EXPECT_EQ(server.exit_code, 2);
  EXPECT_NE(server.err.find("serve with --engine coca"), std::string::npos) << server.err;
  const ProgramResult other = run({"describe", "--model", "nano", "--engine", "coca", picture("a.ppm")});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("nano writes no descriptions"), std::string::npos) << other.err;
}

}  // namespace
}  // namespace kiloword::testing
