#include <thread>

#include "cli/serve_fixture.h"
#include "kiloword/base/base64.h"
#include "kiloword/base/file.h"

namespace kiloword::testing {
namespace {

using nlohmann::json;

std::string content_of(const std::string& file) {
  return read_file(file, uint64_t{1} << 20U, ErrorKind::kInput);
}

/// A record without what differs between the commands: where the image came from, and how long it took.
json comparable(json record) {
  record.erase("path");
  record.erase("ms");
  return record;
}

json described(const HttpAnswer& answer) {
  const size_t at = answer.body.find("event: record\ndata: ");
  if (at == std::string::npos) return {};
  const std::string data = answer.body.substr(at + 20);
  return json::parse(data.substr(0, data.find('\n')));
}

TEST_F(ServeTest, AnswersWithTheRecordsOfTheCommandLineAndDrains) {
  const std::vector<std::string> pictures{picture("a.ppm"), picture("b.ppm", 50, 40, 3)};
  const auto captions =
      records_of(run({"caption", "--format", "json", "--explain", pictures[0], pictures[1]}));
  const auto descriptions = records_of(run({"describe", "--format", "json", "--tokens", "8", pictures[0]}));
  ASSERT_EQ(captions.size(), 2U);
  ASSERT_EQ(descriptions.size(), 1U);
  const ProgramResult result = serve([&](const std::string& address) {
    for (size_t i = 0; i < pictures.size(); ++i) {
      const std::string bytes = content_of(pictures[i]);
      const HttpAnswer raw = post(address, "/v1/caption?explain=1", "image/x", bytes);
      EXPECT_EQ(comparable(json::parse(raw.body)), comparable(captions[i]));
      const std::string body = json{{"image", base64(bytes)}, {"explain", true}}.dump();
      EXPECT_EQ(comparable(json::parse(post(address, "/v1/caption", "application/json", body).body)),
                comparable(captions[i]));
    }
    const std::string bytes = content_of(pictures[0]);
    const HttpAnswer whole = post(address, "/v1/describe?tokens=8", "image/x", bytes);
    EXPECT_EQ(comparable(json::parse(whole.body)), comparable(descriptions[0]));

    // Several at once take turns, and each is what it is alone.
    std::vector<std::thread> clients;
    for (int i = 0; i < 3; ++i) {
      clients.emplace_back([&] {
        const HttpAnswer streamed = post(address, "/v1/describe?tokens=8&stream=1", "image/x", bytes);
        EXPECT_NE(streamed.body.find("event: token\ndata: {\"step\":1,"), std::string::npos) << streamed.body;
        EXPECT_EQ(comparable(described(streamed)), comparable(descriptions[0]));
      });
    }
    for (std::thread& client : clients) client.join();

    const json chat{
        {"max_tokens", 8},
        {"stream", true},
        {"messages",
         {{{"role", "user"},
           {"content",
            {{{"type", "image_url"}, {"image_url", {{"url", "data:image/x;base64," + base64(bytes)}}}}}}}}}};
    const HttpAnswer chatted = post(address, "/v1/chat/completions", "application/json", chat.dump());
    std::string text;
    for (const std::string& line : lines_of(chatted.body)) {
      if (line.compare(0, 7, "data: {") != 0) continue;
      text += json::parse(line.substr(6))["choices"][0]["delta"].value("content", "");
    }
    EXPECT_EQ(text, descriptions[0]["description"]) << chatted.body;
    EXPECT_NE(get(address, "/metrics").body.find("kiloword_images_encoded_total 4\n"), std::string::npos);
  });
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_NE(result.err.find("listening on unix:"), std::string::npos);
}

TEST_F(ServeTest, DescribesWithTheSentencesOfItsBank) {
  folder_.write("bank.txt", "A rare sentence.\nAnother one, of other words.\n");
  const std::string image = std::string(KILOWORD_TESTS_DIR) + "/image/data/rgb.jpg";
  const std::vector<std::string> choices{"--ground", "off", "--tokens", "4", "--format", "json", image};
  std::vector<std::string> describe{"describe", "--bank", path("bank.txt")};
  describe.insert(describe.end(), choices.begin(), choices.end());
  const auto expected = records_of(run(describe));
  ASSERT_EQ(expected.size(), 1U);
  EXPECT_EQ(expected[0]["source"], "bank");
  serve(
      [&](const std::string& address) {
        const HttpAnswer reply =
            post(address, "/v1/describe?ground=off&tokens=4", "image/x", content_of(image));
        EXPECT_EQ(reply.status, 200) << reply.body;
        const json record = json::parse(reply.body);
        EXPECT_EQ(record["source"], "bank");
        EXPECT_EQ(record["description"], expected[0]["description"]);
      },
      {"--bank", path("bank.txt")});
  EXPECT_EQ(run({"serve", "--bank", path("bank.txt"), "--lm", "none"}).exit_code, 2);
}

TEST_F(ServeTest, AsksForItsTokenAndKeepsItToItself) {
  const std::string token = folder_.write("token", "open sesame\n").string();
  const std::string bytes = content_of(picture("a.ppm"));
  const ProgramResult result = serve(
      [&](const std::string& address) {
        EXPECT_EQ(post(address, "/v1/caption", "", bytes).status, 401);
        EXPECT_EQ(post(address, "/v1/caption", "", bytes, "Authorization: Bearer open sesame\r\n").status,
                  200);
        EXPECT_EQ(post(address, "/v1/describe", "", bytes, "Authorization: Bearer open sesame\r\n").status,
                  404);
      },
      {"-v", "--token-file", token, "--lm", "none"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.err.find("POST /v1/caption 401"), std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("sesame"), std::string::npos) << result.err;
}

TEST_F(ServeTest, RefusesToListenToTheWorldWithoutAToken) {
  const ProgramResult result = run({"serve", "--host", "0.0.0.0", "--port", "0", "--lm", "none"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err,
            "kiloword: 0.0.0.0: without a token anyone on the network could use this server; give "
            "--token-file, or listen on 127.0.0.1\n");
}

}  // namespace
}  // namespace kiloword::testing
