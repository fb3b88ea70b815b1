#include "kiloword/serve/service.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "kiloword/index/index_writer.h"
#include "serve/fake_server.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::FakeServer;
using testing::tiny_picture;

ServiceReply ask(FakeServer& server, const std::string& path, RequestBody body = {},
                 const std::string& method = "POST") {
  return server.service.answer({method, path, "", "", "", ""}, std::move(body), [] { return true; });
}

/// The JSON of the events of a streamed chat, which ends as such streams do.
std::vector<json> chunks_of(const ServiceReply& reply) {
  std::string events;
  reply.stream([&events](std::string_view piece) {
    events += piece;
    return true;
  });
  std::vector<json> chunks;
  for (size_t at = 0; at < events.size();) {
    const size_t end = events.find("\n\n", at);
    const std::string data = events.substr(at + 6, end - at - 6);
    at = end + 2;
    if (at < events.size()) {
      chunks.push_back(json::parse(data));
    } else {
      EXPECT_EQ(data, "[DONE]");
    }
  }
  return chunks;
}

TEST(Service, CaptionsARawImage) {
  FakeServer server;
  const ServiceReply reply = ask(server, "/v1/caption", {"", {{"name", "a.ppm"}}, tiny_picture()});
  ASSERT_EQ(reply.status, 200) << reply.body;
  const json record = json::parse(reply.body);
  EXPECT_EQ(record["schema"], 1);
  EXPECT_EQ(record["path"], "a.ppm");
  EXPECT_EQ(record["status"], "ok");
  EXPECT_EQ(record["statements"][0]["set"], "toy");
  EXPECT_EQ(record["model"], "fake");
}

TEST(Service, AnswersThatItIsLoadingUntilItIsReady) {
  FakeServer server;
  Service service(ServiceOptions{});
  const auto refusal = [&service](const std::string& path, const std::string& method) {
    return service.refuse({method, path, "", "localhost", "", ""});
  };
  EXPECT_EQ(json::parse(refusal("/readyz", "GET")->body)["error"]["message"], "loading: the models");
  service.loading("embedding label texts: 1 of 9, 3 s left", 3);
  for (const auto& [path, method] : {std::pair{"/v1/caption", "POST"},
                                     {"/v1/labels", "GET"},
                                     {"/readyz", "GET"},
                                     {"/health", "GET"},
                                     {"/healthz", "GET"}}) {
    const auto reply = refusal(path, method);
    ASSERT_TRUE(reply.has_value()) << path;
    EXPECT_EQ(reply->status, 503);
    EXPECT_NE(std::find(reply->headers.begin(), reply->headers.end(),
                        std::pair<std::string, std::string>{"Retry-After", "3"}),
              reply->headers.end());
    EXPECT_EQ(json::parse(reply->body)["error"]["message"],
              "loading: embedding label texts: 1 of 9, 3 s left");
  }
  EXPECT_FALSE(refusal("/", "GET").has_value());
  EXPECT_EQ(refusal("/none", "GET")->status, 404);
  for (const std::string path : {"/livez", "/metrics"}) {
    EXPECT_FALSE(refusal(path, "GET").has_value());
    EXPECT_EQ(service.answer({"GET", path, "", "", "", ""}, {}, [] { return true; }).status, 200);
  }
  service.ready(server.parts());
  EXPECT_FALSE(refusal("/readyz", "GET").has_value());
  EXPECT_FALSE(refusal("/v1/caption", "POST").has_value());
}

TEST(Service, AnImageThatCannotBeReadGivesItsErrorRecord) {
  FakeServer server;
  const ServiceReply reply = ask(server, "/v1/caption", {"", {}, "no image"});
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(json::parse(reply.body)["error"]["kind"], "input");
}

TEST(Service, ARunChangesWithWhateverRecordsDependOn) {
  FakeServer server;
  const auto run = [&](QueryFields fields) {
    return ask(server, "/v1/run", {"", std::move(fields), ""}, "GET").body;
  };
  const std::string usual = run({});
  EXPECT_EQ(json::parse(usual)["run"].get<std::string>().size(), 16U);
  EXPECT_EQ(run({}), usual);
  EXPECT_NE(run({{"top_k", "1"}}), usual);
  EXPECT_NE(run({{"author", "Ada"}}), usual);
  EXPECT_EQ(ask(server, "/v1/run", {"", {{"topk", "1"}}, ""}, "GET").status, 400);
}

TEST(Service, WhatToDoAboutAnImageIsInAHeader) {
  FakeServer server;
  const ServiceReply reply = ask(server, "/v1/caption", {"", {}, tiny_picture().substr(0, 20)});
  EXPECT_EQ(reply.status, 422);
  ASSERT_EQ(reply.headers.size(), 1U) << reply.body;
  EXPECT_EQ(reply.headers[0].first, "Kiloword-Remedy");
}

TEST(Service, ScoresTextsAndEmbeds) {
  FakeServer server;
  const RequestBody two_texts{"", {{"text", "a dog"}, {"text", "a cat"}}, tiny_picture()};
  const json scored = json::parse(ask(server, "/v1/score", two_texts).body);
  ASSERT_EQ(scored["scores"].size(), 2U) << scored;
  EXPECT_EQ(scored["scores"][1]["text"], "a cat");
  const json image = json::parse(ask(server, "/v1/embed", {"", {{"name", "a.ppm"}}, tiny_picture()}).body);
  EXPECT_EQ(image["path"], "a.ppm");
  EXPECT_EQ(image["embedding"].size(), static_cast<size_t>(testing::FakeEncoder::kDim));
  const std::string texts = ask(server, "/v1/embed", {"", two_texts.query, ""}).body;
  EXPECT_EQ(std::count(texts.begin(), texts.end(), '\n'), 2);

  EXPECT_EQ(ask(server, "/v1/score", {"", {}, tiny_picture()}).status, 400);
  EXPECT_EQ(ask(server, "/v1/embed", two_texts).status, 400) << "an image and texts";
  EXPECT_EQ(ask(server, "/v1/embed", {}).status, 400);
  EXPECT_EQ(ask(server, "/v1/embed", {"", {}, "no image"}).status, 422);
}

TEST(Service, SearchesAnIndexThatGrows) {
  FakeServer server;
  EXPECT_EQ(ask(server, "/v1/search", {"", {{"text", "a dog"}}, ""}).status, 404);
  const std::string file = server.folder.path() / "index";
  const auto update = [&](const std::vector<std::string>& names) {
    IndexWriter writer(file,
                       {"fake", server.encoder.fingerprint(), "", server.folder.path(),
                        static_cast<size_t>(testing::FakeEncoder::kDim)},
                       /*overwrite=*/false);
    for (const std::string& name : names) {
      server.folder.write(name, name);
      if (writer.keep(name, {name.size(), 1})) continue;
      writer.add({name, {name.size(), 1}, content_hash(name)}, server.encoder.encode_texts({name}).row(0));
    }
    writer.finish();
  };
  update({"dog", "cat"});
  server.search = std::make_unique<LiveSearch>(std::vector<std::string>{file});
  server.service.ready(server.parts());
  const auto found = [&](QueryFields fields) {
    const ServiceReply reply = ask(server, "/v1/search", {"", std::move(fields), ""});
    EXPECT_EQ(reply.status, 200) << reply.body;
    std::vector<std::string> names;
    std::istringstream lines(reply.body);
    for (std::string line; std::getline(lines, line);) {
      names.push_back(std::filesystem::path(json::parse(line)["path"].get<std::string>()).filename());
    }
    return names;
  };
  EXPECT_EQ(found({{"text", "dog"}, {"top", "1"}}), std::vector<std::string>{"dog"});
  update({"dog", "cat", "a horse"});
  EXPECT_EQ(found({{"text", "a horse"}, {"without", "cat"}, {"top", "1"}}),
            std::vector<std::string>{"a horse"});
  EXPECT_EQ(found({{"label", "Cat"}, {"min_confidence", "0"}}).size(), 3U);
  EXPECT_TRUE(found({{"label", "Cat"}, {"label", "dog"}, {"min_confidence", "0.9"}}).empty());
  const ServiceReply image = ask(server, "/v1/search", {"", {{"name", "a form's file"}}, tiny_picture()});
  EXPECT_EQ(std::count(image.body.begin(), image.body.end(), '\n'), 3);
  EXPECT_EQ(ask(server, "/v1/search", {}).status, 400);
  EXPECT_EQ(ask(server, "/v1/search", {"", {{"text", "x"}, {"without", "x"}}, ""}).status, 400);
  EXPECT_EQ(ask(server, "/v1/search", {"", {{"label", "none"}}, ""}).status, 400);
  EXPECT_EQ(ask(server, "/v1/search", {"", {{"text", "x"}, {"top", "1001"}}, ""}).status, 400);
  EXPECT_EQ(ask(server, "/v1/search", {"", {}, "no image"}).status, 422);
}

TEST(Service, ShowsThumbnailsOfFilesOfTheIndexAlone) {
  FakeServer server;
  const std::string outside = server.folder.write("outside.ppm", tiny_picture()).string();
  const std::filesystem::path folder = server.folder.path() / "in";
  const std::string file = folder / "index";
  server.folder.write("in/image.ppm", tiny_picture());
  server.folder.write("in/secret.txt", "secret");
  {
    IndexWriter writer(
        file,
        {"fake", server.encoder.fingerprint(), "", folder, static_cast<size_t>(testing::FakeEncoder::kDim)},
        /*overwrite=*/false);
    for (const std::string& name :
         {std::string("image.ppm"), std::string("secret.txt"), std::string("../outside.ppm"), outside}) {
      writer.add({name, {1, 1}, content_hash(name)}, server.encoder.encode_texts({name}).row(0));
    }
    writer.finish();
  }
  server.search = std::make_unique<LiveSearch>(std::vector<std::string>{file});
  server.service.ready(server.parts());
  const auto records = [&](QueryFields fields) {
    fields.emplace_back("text", "dog");
    const ServiceReply reply = ask(server, "/v1/search", {"", std::move(fields), ""});
    EXPECT_EQ(reply.status, 200) << reply.body;
    std::string lines = reply.body;
    if (reply.stream) reply.stream([&lines](std::string_view piece) { return lines += piece, true; });
    std::map<std::string, json> by_path;
    std::istringstream stream(lines);
    for (std::string line; std::getline(stream, line);) {
      const json record = json::parse(line);
      by_path[record["path"]] = record;
    }
    EXPECT_EQ(by_path.size(), 4U);
    return by_path;
  };
  for (const auto& [path, record] : records({})) EXPECT_EQ(record.count("thumbnail"), 0U) << path;
  for (const auto& [path, record] : records({{"thumbnails", "2"}})) {
    EXPECT_EQ(record.count("thumbnail"), path == folder / "image.ppm" ? 1U : 0U) << path;
  }
  for (const char* px : {"513", "-1", "x"}) {
    const RequestBody request{"", {{"text", "x"}, {"thumbnails", px}}, ""};
    EXPECT_EQ(ask(server, "/v1/search", request).status, 400) << px;
  }
  EXPECT_EQ(json::parse(ask(server, "/v1/models", {}, "GET").body)["indexed_images"], 4);
}

TEST(Service, ErrorsAreJsonWithTheCommandLinesKinds) {
  FakeServer server;
  const ServiceReply reply = ask(server, "/v1/caption", {"", {{"top_k", "x"}}, tiny_picture()});
  EXPECT_EQ(reply.status, 400);
  const json error = json::parse(reply.body)["error"];
  EXPECT_EQ(error["kind"], "usage");
  EXPECT_EQ(error["where"], "top_k");
  EXPECT_EQ(ask(server, "/v1/describe", {"", {}, tiny_picture()}).status, 404);
}

TEST(Service, OpensNoFileThatAClientNames) {
  FakeServer server;
  const std::string file = server.folder.write("private.txt", "secret\n").string();
  for (const std::string& name :
       {file, std::string("../private"), std::string("private.txt"), std::string()}) {
    const ServiceReply reply = ask(server, "/v1/caption", {"", {{"labels", name}}, tiny_picture()});
    EXPECT_EQ(reply.status, 400) << name;
    EXPECT_NE(reply.body.find("no installed label set"), std::string::npos) << reply.body;
  }
  EXPECT_EQ(ask(server, "/v1/caption", {"", {{"labels", "toy"}}, tiny_picture()}).status, 200);
}

TEST(Service, ChatsInOpenAisShape) {
  FakeServer server;
  const std::string body =
      R"({"model":"gpt-4o","stream":STREAM,"messages":[{"role":"user","content":[
          {"type":"image_url","image_url":{"url":"data:image/x;base64,UDMgMiAyIDI1NSAxIDIgMyA0IDUgNiA3IDggOSAxMCAxMSAxMg=="}}]}]})";
  const auto with = [&body](const std::string& stream) {
    std::string text = body;
    return text.replace(text.find("STREAM"), 6, stream);
  };
  const ServiceReply whole = ask(server, "/v1/chat/completions", {"application/json", {}, with("false")});
  ASSERT_EQ(whole.status, 200) << whole.body;
  const json answer = json::parse(whole.body);
  const std::string text = answer["choices"][0]["message"]["content"];
  EXPECT_EQ(text.compare(0, 16, "[Image Attached:"), 0);
  EXPECT_EQ(answer["object"], "chat.completion");

  const ServiceReply streamed = ask(server, "/v1/chat/completions", {"application/json", {}, with("true")});
  const std::vector<json> chunks = chunks_of(streamed);
  ASSERT_EQ(chunks.size(), 2U);
  EXPECT_EQ(chunks[0]["choices"][0]["delta"], (json{{"role", "assistant"}, {"content", text}}));
  EXPECT_EQ(chunks[1]["choices"][0]["delta"], json::object());
  EXPECT_EQ(chunks[1]["choices"][0]["finish_reason"], "stop");
  EXPECT_EQ(chunks[0]["id"], chunks[1]["id"]);
  EXPECT_NE(chunks[0]["id"], answer["id"]) << "each completion has its own";

  const ServiceReply counted =
      ask(server, "/v1/chat/completions",
          {"application/json", {}, with(R"(true,"stream_options":{"include_usage":true},"stop":["his"])")});
  const std::vector<json> more = chunks_of(counted);
  ASSERT_EQ(more.size(), 3U);
  EXPECT_EQ(more[0]["choices"][0]["delta"]["content"], "[Image Attached: T");
  EXPECT_EQ(more[2]["choices"], json::array());
  EXPECT_EQ(more[2]["usage"]["total_tokens"], 0);
}

TEST(Service, RefusesBeforeTheBodyIsRead) {
  ServiceOptions options;
  options.token = "secret";
  FakeServer server(options);
  const auto status = [&](const ServiceHead& head) {
    const auto refused = server.service.refuse(head);
    return refused ? refused->status : 0;
  };
  EXPECT_EQ(status({"POST", "/v1/caption", "", "localhost", "", ""}), 401);
  EXPECT_EQ(status({"POST", "/v1/caption", "Bearer wrong!", "localhost", "", ""}), 401);
  EXPECT_EQ(status({"POST", "/v1/caption", "Bearer secret", "localhost", "", ""}), 0);
  EXPECT_EQ(status({"POST", "/v1/caption", "bearer  secret", "localhost", "", ""}), 0);
  EXPECT_EQ(status({"POST", "/v1/caption", "Bearersecret", "localhost", "", ""}), 401);
  EXPECT_EQ(status({"GET", "/v1/models/x", "Bearer secret", "localhost", "", ""}), 0);
  EXPECT_EQ(status({"GET", "/metrics", "", "localhost", "", ""}), 401);
  EXPECT_EQ(status({"GET", "/", "", "localhost", "", ""}), 0);
  EXPECT_EQ(status({"GET", "/healthz", "", "localhost", "", ""}), 0);
  EXPECT_EQ(status({"GET", "/readyz", "", "localhost", "", ""}), 0);
  EXPECT_EQ(status({"GET", "/livez", "", "localhost", "", ""}), 0);
  EXPECT_EQ(status({"GET", "/v1/caption", "Bearer secret", "localhost", "", ""}), 405);
  EXPECT_EQ(status({"GET", "/../etc/passwd", "Bearer secret", "localhost", "", ""}), 404);
  EXPECT_EQ(status({"POST", "/v1/caption", "Bearer secret", "evil.example", "", ""}), 403);
  EXPECT_EQ(status({"POST", "/v1/caption", "Bearer secret", "localhost:1", "http://evil.example", ""}), 403);
  EXPECT_EQ(status({"POST", "/v1/caption", "Bearer secret", "localhost:1", "http://localhost:1", ""}), 0);
}

TEST(Service, SaysWhichHostsItAnswersTo) {
  FakeServer server;
  const auto refused = server.service.refuse({"GET", "/healthz", "", "example.org", "", ""});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 403);
  EXPECT_EQ(json::parse(refused->body)["error"]["message"],
            "this server answers to localhost and addresses of this machine only");
}

TEST(Service, TellsWhatItHas) {
  FakeServer server;
  EXPECT_EQ(json::parse(ask(server, "/v1/models", {}, "GET").body)["data"][0]["id"], "kiloword-caption");
  const json one = json::parse(ask(server, "/v1/models/kiloword-caption", {}, "GET").body);
  EXPECT_EQ(one["object"], "model");
  EXPECT_EQ(one["id"], "kiloword-caption");
  EXPECT_EQ(ask(server, "/v1/models/gpt-4o", {}, "GET").status, 404);
  const json labels = json::parse(ask(server, "/v1/labels", {}, "GET").body);
  EXPECT_EQ(labels["names"], json::array({"toy"}));
  EXPECT_EQ(labels["default"], json::array({"toy"}));
  server.service.count({"POST", "/v1/caption", "", "", "", ""}, 200, 0.02);
  const std::string metrics = ask(server, "/metrics", {}, "GET").body;
  EXPECT_NE(metrics.find("kiloword_requests_total{route=\"/v1/caption\",status=\"200\"} 1\n"),
            std::string::npos);
  EXPECT_NE(metrics.find("kiloword_request_seconds_bucket{route=\"/v1/caption\",le=\"0.025\"} 1\n"),
            std::string::npos);
  EXPECT_NE(ask(server, "/", {}, "GET").body.find("<title>"), std::string::npos);
  for (const std::string path : {"/livez", "/readyz", "/health", "/healthz"})
    EXPECT_EQ(ask(server, path, {}, "GET").status, 200) << path;
  server.service.drain();
  for (const std::string path : {"/readyz", "/health", "/healthz"})
    EXPECT_EQ(ask(server, path, {}, "GET").status, 503) << path;
  EXPECT_EQ(ask(server, "/livez", {}, "GET").status, 200);
}

}  // namespace
}  // namespace kiloword
