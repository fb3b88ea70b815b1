#include <algorithm>

#include "models/pull_fixture.h"

namespace kiloword::testing {
namespace {

namespace fs = std::filesystem;

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Answers everything with `status`.
FakeHub::Interference always(int status, const Headers& headers = {}, const std::string& body = "") {
  return [=](const ServedRequest&, const ServedReply&) {
    ServedReply reply;
    reply.status = status;
    reply.headers = headers;
    reply.body = body;
    return std::optional(reply);
  };
}

/// Sets a header of every answer, or removes it where the value is empty.
FakeHub::Interference with_header(const std::string& name, const std::string& value) {
  return [=](const ServedRequest&, ServedReply reply) {
    auto& headers = reply.headers;
    headers.erase(std::remove_if(headers.begin(), headers.end(),
                                 [&name](const auto& header) { return header.first == name; }),
                  headers.end());
    if (!value.empty()) headers.emplace_back(name, value);
    return std::optional(reply);
  };
}

TEST_F(PullTest, WhatMayPassIsTriedAgain) {
  for (const int status : {429, 500, 502, 503, 504}) {
    fs::remove_all(settings_.cache_folder);
    int left = 2;
    hub_.interfere_at_storage(
        [&left, status](const ServedRequest&, const ServedReply&) -> std::optional<ServedReply> {
          if (left-- <= 0) return std::nullopt;
          ServedReply reply;
          reply.status = status;
          return reply;
        });
    pull();
    expect_whole_model();
  }
  EXPECT_EQ(diary_.retries.size(), 10U);
}

TEST_F(PullTest, AttemptsAreLimited) {
  hub_.interfere(always(500));
  expect_contains(pull_error(),
                  "the server has a problem (500), " + hub_.address() + "/owner/tiny/resolve/main/");
  EXPECT_EQ(hub_.hub().requests().size(), 3U);
  hub_.interfere(always(429));
  expect_contains(pull_error(), "too many requests for the server (429)");
  expect_nothing_visible();
}

TEST_F(PullTest, TheServersOwnWaitCounts) {
  hub_.interfere(always(429, {{"Retry-After", "3600"}}));
  pull_error();
  ASSERT_EQ(diary_.waits.size(), 2U);
  EXPECT_EQ(diary_.waits[0], std::chrono::milliseconds(20)) << "up to a bound";
}

TEST_F(PullTest, RefusalsAreNotTriedAgain) {
  const std::string page = hub_.address() + "/owner/tiny";
  const std::vector<std::tuple<int, std::string, std::string>> cases{
      {401, "", "no such repository, or it needs a token"},
      {401, "GatedRepo", "access to the repository is refused"},
      {403, "GatedRepo", "accept its conditions at " + page + " and set HF_TOKEN"},
      {404, "RepoNotFound", "no such repository"},
      {404, "RevisionNotFound", "the repository has no such revision"},
      {404, "EntryNotFound", "the repository has no config.json"},
      {418, "", "unexpected answer 418 of the server"},
  };
  for (const auto& [status, code, message] : cases) {
    const size_t before = hub_.hub().requests().size();
    hub_.interfere(always(status, {{"X-Error-Code", code}}));
    expect_contains(pull_error(), message);
    EXPECT_EQ(hub_.hub().requests().size() - before, 1U);
    hub_.interfere_at_storage({});
  }
  EXPECT_TRUE(diary_.retries.empty());
  settings_.token = "hf_old";
  hub_.interfere(always(401));
  expect_contains(pull_error(), "the token in use does not open it");
  hub_.interfere({});
  hub_.interfere_at_storage(always(403));
  expect_contains(pull_error(), "the host that stores the file refuses it (403)");
  expect_nothing_visible();
}

TEST_F(PullTest, AHostThatIsNotThereIsNamed) {
  settings_.endpoint = "http://127.0.0.1:1";
  const std::string error = pull_error();
  expect_contains(error,
                  "cannot reach the server: could");  // "not connect" or "n't", as libcurl's version says
  expect_contains(error, " connect to server, http://127.0.0.1:1/owner");
  EXPECT_EQ(diary_.retries.size(), 2U);
}

TEST_F(PullTest, AServerThatStopsSendingIsGivenUp) {
  options_.stall_time = std::chrono::milliseconds(60);
  hub_.interfere_at_storage([](const ServedRequest&, ServedReply reply) {
    reply.sent_bytes = 1000;
    reply.stalls = true;
    return std::optional(reply);
  });
  expect_contains(pull_error(), "the server stopped sending");
  expect_nothing_visible();
  EXPECT_EQ(fs::file_size(incomplete("model.safetensors")), 3000U) << "and each attempt went on";
}

TEST_F(PullTest, WrongContentIsThrownAway) {
  hub_.interfere_at_storage([](const ServedRequest&, ServedReply reply) {
    reply.body[7] ^= 1;
    return std::optional(reply);
  });
  expect_contains(pull_error(), "the downloaded file has a wrong checksum, owner/tiny/model.safe");
  expect_nothing_visible();
  EXPECT_FALSE(fs::exists(incomplete("model.safetensors")));
  hub_.interfere_at_storage({});
  hub_.interfere([](const ServedRequest& request, ServedReply reply) {
    if (request.method == "GET" && !reply.body.empty()) reply.body[0] = '[';
    return std::optional(reply);
  });
  expect_contains(pull_error(), "a wrong checksum, owner/tiny/merges.txt");
}

TEST_F(PullTest, TheRegistrysChecksumCounts) {
  HubModel model = listed_model();
  model.files[1].alternatives[0].sha256 = std::string(64, 'a');
  expect_contains(pull_error(model), "the hub's file differs from the registry's");
  EXPECT_EQ(hub_.storage().body_bytes_sent(), 0U);
  model.files[1].alternatives[0].sha256 = hub_.blob_name("model.safetensors");
  model.files[1].alternatives[0].size_bytes = 299999;
  expect_contains(pull_error(model), "the hub's file differs from the registry's");
  model.files[1].alternatives[0].size_bytes = 300000;
  pull(model);
  expect_whole_model();
}

TEST_F(PullTest, TheRegistrysChecksumCountsWhereTheHubNamesNone) {
  hub_.interfere([](const ServedRequest& request, ServedReply reply) -> std::optional<ServedReply> {
    if (request.target.find("model.safetensors") == std::string::npos) return std::nullopt;
    return with_header("X-Linked-Etag", "\"v1-of-a-mirror\"")(request, std::move(reply));
  });
  HubModel model = listed_model();
  model.files[1].alternatives[0].sha256 = std::string(64, 'a');
  expect_contains(pull_error(model), "a wrong checksum");
  EXPECT_FALSE(fs::exists(repository() / "blobs" / "v1-of-a-mirror"));
  model.files[1].alternatives[0].sha256.clear();
  pull(model);
  EXPECT_TRUE(content_of(repository() / "blobs" / "v1-of-a-mirror") == weights());
}

TEST_F(PullTest, AnotherLengthThanAnnouncedIsRefused) {
  hub_.interfere_at_storage(always(200, {}, "short"));
  expect_contains(pull_error(), "the server sends a file of 5 bytes instead of the announced 300000");
  hub_.interfere_at_storage(always(200, {}, weights() + weights()));
  expect_contains(pull_error(), "the server sends a file of 600000 bytes instead of the announced 300000");
  expect_nothing_visible();
}

TEST_F(PullTest, AnEndlessBodyIsCutOff) {
  hub_.interfere_at_storage([](const ServedRequest&, ServedReply reply) {
    reply.body += std::string(5000000, 'x');
    reply.content_length = "";
    return std::optional(reply);
  });
  expect_contains(pull_error(), "the server sent more than the announced 300000 bytes");
  EXPECT_FALSE(fs::exists(incomplete("model.safetensors")));
}

TEST_F(PullTest, ABodyWithoutALengthThatEndsEarlyIsGoneOnWith) {
  int left = 1;
  hub_.interfere_at_storage([&left](const ServedRequest&, ServedReply reply) {
    if (left-- > 0) {
      reply.content_length = "";
      reply.sent_bytes = 1000;
    }
    return std::optional(reply);
  });
  pull();
  expect_whole_model();
  expect_contains(diary_.retries.at(0), "the transfer ended early");
}

TEST_F(PullTest, AWebPageInsteadOfAFileIsNamed) {
  const Headers html{{"Content-Type", "text/html; charset=utf-8"}};
  hub_.interfere(always(200, html, "<html>Please log in</html>"));
  expect_contains(pull_error(), "the server answers with a web page instead of the file");
  hub_.interfere({});
  hub_.interfere_at_storage(always(200, html, "<html>Please log in</html>"));
  expect_contains(pull_error(), "the server answers with a web page instead of the file");
  EXPECT_TRUE(diary_.retries.empty());
  expect_nothing_visible();
}

TEST_F(PullTest, HostileHeadersAreRefused) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases{
      {"X-Repo-Commit", "", "names no commit"},
      {"X-Repo-Commit", "../../../../etc", "names no commit"},
      {"X-Repo-Commit", std::string(40, 'G'), "names no commit"},
      {"X-Repo-Commit", std::string(41, 'a'), "names no commit"},
      {"X-Linked-Etag", "", "has no usable ETag"},
      {"X-Linked-Etag", "\"../../../refs/main\"", "has no usable ETag"},
      {"X-Linked-Etag", "\"..\"", "has no usable ETag"},
      {"X-Linked-Etag", "\"\"", "has no usable ETag"},
      {"X-Linked-Etag", "\"a/b\"", "has no usable ETag"},
      {"X-Linked-Etag", "\"" + std::string(5000, 'a') + "\"", "has no usable ETag"},
      {"X-Linked-Etag", "\"abc.incomplete\"", "has no usable ETag"},
      {"X-Linked-Size", "", "does not say how long the file is"},
      {"X-Linked-Size", "-1", "does not say how long the file is"},
      {"X-Linked-Size", "99999999999999999999", "does not say how long the file is"},
      {"X-Linked-Size", "18446744073709551615", "does not say how long the file is"},
      {"X-Linked-Size", "12x", "does not say how long the file is"},
  };
  for (const auto& [name, value, message] : cases) {
    hub_.interfere([interference = with_header(name, value)](
                       const ServedRequest& request, const ServedReply& reply) -> std::optional<ServedReply> {
      if (request.target.find("model.safetensors") == std::string::npos) return std::nullopt;
      return interference(request, reply);
    });
    expect_contains(pull_error(), message);
    expect_nothing_visible();
  }
  hub_.interfere(with_header("X-Filler", std::string(90000, 'x')));
  expect_contains(pull_error(), "the transfer was interrupted");
}

TEST_F(PullTest, RedirectsAreNotFollowedToWhereTheyMustNotGo) {
  for (const char* location : {"file:///etc/passwd", "ftp://127.0.0.1/x", "http://user:word@127.0.0.2/x", "",
                               "http://", "gopher:x"}) {
    SCOPED_TRACE(location);
    hub_.interfere(with_header("Location", location));
    expect_contains(pull_error(), "redirects to an address that is not safe to follow");
  }
  hub_.interfere(always(302, {{"Location", "/again"}}));
  expect_contains(pull_error(), "the server redirects without end");
  expect_nothing_visible();
}

TEST_F(PullTest, FilesOfAnotherCommitAreNotMixedIn) {
  hub_.interfere([](const ServedRequest& request, ServedReply reply) -> std::optional<ServedReply> {
    if (request.target.find("model.safetensors") == std::string::npos) return std::nullopt;
    return with_header("X-Repo-Commit", std::string(40, 'b'))(request, std::move(reply));
  });
  expect_contains(pull_error(), "a commit other than the requested one");
  hub_.interfere({});
  HubModel model = listed_model();
  model.revision = std::string(40, 'b');
  hub_.interfere([](const ServedRequest&, ServedReply reply) {
    reply.status = 200;
    reply.headers = {{"X-Repo-Commit", FakeHub::kCommit}, {"ETag", "\"x\""}};
    return std::optional(reply);
  });
  expect_contains(pull_error(model), "a commit other than the requested one");
}

TEST_F(PullTest, HostileShardNamesAreRefused) {
  for (const char* shard : {"../../../x.safetensors", "/etc/passwd", "", ".hidden", "a\\nb", "a/b"}) {
    FakeHub hub;
    hub.add("config.json", "{}");
    hub.add("model.safetensors.index.json", R"({"weight_map": {"a": ")" + std::string(shard) + R"("}})");
    settings_.endpoint = hub.address();
    expect_contains(pull_error(tiny_model()), "the index of weights names a file outside of the model");
  }
  for (const char* index : {"[", "[]", "{}", R"({"weight_map": []})", R"({"weight_map": {"a": 1}})"}) {
    FakeHub hub;
    hub.add("config.json", "{}");
    hub.add("model.safetensors.index.json", index);
    settings_.endpoint = hub.address();
    expect_contains(pull_error(tiny_model()), "ill-formed index of weights");
  }
}

TEST_F(PullTest, ARepositoryWithoutAModelIsNamed) {
  FakeHub hub;
  settings_.endpoint = hub.address();
  hub.add("README.md", "no model");
  expect_contains(pull_error(tiny_model()), "the repository has no config.json, owner/tiny");
  hub.add("config.json", "{}");
  expect_contains(pull_error(tiny_model()), "the repository has no weights that can be read, owner/tiny");
  hub.add("model.safetensors.index.json", R"({"weight_map": {"a": "absent.safetensors"}})");
  expect_contains(pull_error(tiny_model()), "lacks a part of its weights, owner/tiny/absent.safetensors");
}

TEST_F(PullTest, ACacheThatCannotBeWrittenIsNamed) {
  folder_.write("hub", "a file in the way");
  expect_contains(pull_error(listed_model(), ErrorKind::kOutput), "HF_HUB_CACHE can name another folder");
  settings_.cache_folder.clear();
  expect_contains(pull_error(listed_model(), ErrorKind::kOutput), "no folder for models is set");
}

}  // namespace
}  // namespace kiloword::testing
