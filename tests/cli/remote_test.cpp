#include "cli/serve_fixture.h"
#include "kiloword/base/file.h"
#include "support/http_server.h"

namespace kiloword::testing {
namespace {

/// Commands that ask a server: `--server`.
class RemoteTest : public ServeTest {
 protected:
  /// The only thing that differs from run to run.
  static std::string without_times(std::string text) {
    const std::string name = R"("ms":)";
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
      at += name.size();
      text.erase(at, text.find_first_not_of("0123456789.", at) - at);
    }
    return text;
  }

  void expect_same(const std::string& address, std::vector<std::string> arguments,
                   const ProgramSetup& setup = {}) {
    const ProgramResult local = run(arguments, setup);
    arguments.insert(arguments.end(), {"--server", address});
    const ProgramResult remote = run(arguments, setup);
    EXPECT_EQ(remote.exit_code, local.exit_code) << arguments[0];
    EXPECT_EQ(without_times(remote.out), without_times(local.out)) << arguments[0];
    EXPECT_EQ(remote.err, local.err) << arguments[0];
    EXPECT_NE(local.out, "");
  }
};

TEST_F(RemoteTest, FetchesAddressesItself) {
  const std::string bytes = read_file(picture("a.ppm"), uint64_t{1} << 20U, ErrorKind::kInput);
  HttpServer pictures([&bytes](const ServedRequest&) {
    ServedReply reply;
    reply.headers = {{"Content-Type", "application/octet-stream"}};
    reply.body = bytes;
    return reply;
  });
  const std::string url = pictures.address() + "/a.ppm";
  const ProgramResult server = serve([&](const std::string& address) {
    expect_same(address, {"caption", "--allow-private", "--format", "json", url});
    expect_same(address, {"embed", "--allow-private", url, url});
    expect_same(address, {"score", "--allow-private", "-t", "a dog", "--format", "json", url});
    expect_same(address, {"describe", "--allow-private", "--tokens", "6", "--format", "json", url});
    expect_same(address, {"score", "-t", "a dog", "--format", "json", url});  // a private address
  });
  EXPECT_EQ(server.exit_code, 0) << server.err;
}

TEST_F(RemoteTest, GivesTheOutputOfALocalRun) {
  const std::string a = picture("a.ppm");
  const std::string b = picture("b.ppm", 50, 40, 3);
  const std::string odd_name = picture("\xff \"x\".ppm", 20, 30, 2);
  const std::string broken = folder_.write("broken.jpg", "\xff\xd8\xff\xe0 no picture").string();
  const std::string empty = folder_.write("empty.png", "").string();
  const std::string avoided = folder_.write("avoid.txt", "man\nwoman\n").string();
  const ProgramResult server = serve([&](const std::string& address) {
    expect_same(address, {"caption", a, broken, b, path("none.jpg"), empty, folder_.path().string()});
    expect_same(address, {"caption", "--explain", "--top-k", "4", "--per-set", "2", "--rank", "cosine",
                          "--author", "Ada", a});
    expect_same(address, {"caption", "--format", "json", "--explain", "--min-confidence", "0.5", odd_name, a,
                          broken, empty});
    expect_same(address, {"caption", "--typographic", "drop", "--format", "json", a, b});
    expect_same(address, {"caption", "--labels", "nano/medium", "-"},
                {read_file(a, uint64_t{1} << 20U, ErrorKind::kInput), {}, "", "", {}});
    expect_same(address, {"score", "-t", "a dog", "-t", "a \"cat\"\n", a, b});
    expect_same(address, {"score", "-t", "a dog", "--format", "json", a, broken});
    const std::string endless = "a dog " + std::string(1000, 'x') + " " + std::string(500, 'y');
    expect_same(address, {"score", "-t", endless, "-t", "a dog", "--format", "json", a, b});
    expect_same(address, {"embed", "-t", endless});
    expect_same(address, {"embed", a, odd_name, broken});
    expect_same(address, {"embed", "-t", "a dog", "-t", "\xff"});
    expect_same(address, {"describe", "--tokens", "6", a, broken});
    expect_same(address, {"describe", "--tokens", "6", "--format", "json", "--avoid", avoided,
                          "--temperature", "0.7", "--seed", "3", "--prompt", "A", b});

    EXPECT_EQ(run({"embed", "--npy", path("local.npy"), a, broken, b}).exit_code, 1);
    EXPECT_EQ(run({"embed", "--npy", path("remote.npy"), a, broken, b, "--server", address}).exit_code, 1);
    EXPECT_EQ(read_file(path("local.npy"), uint64_t{1} << 20U, ErrorKind::kInput),
              read_file(path("remote.npy"), uint64_t{1} << 20U, ErrorKind::kInput));

    const ProgramResult watched = run({"describe", "--watch", "--tokens", "3", a, "--server", address});
    EXPECT_EQ(watched.exit_code, 0);
    EXPECT_EQ(watched.out, run({"describe", "--tokens", "3", a}).out);
    EXPECT_NE(watched.err.find("log p"), std::string::npos) << watched.err;
  });
  EXPECT_EQ(server.exit_code, 0) << server.err;
}

TEST_F(RemoteTest, ABatchOfAServerHasTheRowsOfALocalOne) {
  std::filesystem::create_directory(path("in"));
  for (int i = 0; i < 12; ++i) picture("in/" + std::to_string(i) + ".ppm", 30 + i, 20 + i, i + 1);
  folder_.write("in/broken.jpg", "\xff\xd8\xff\xe0 no picture");
  const ProgramResult server = serve(
      [&](const std::string& address) {
        // A server decodes with limits of its own, and reads text as it is told, which are part of what a row
        // depends on.
        const ProgramResult local = run({"batch", path("in"), "-o", path("local.jsonl")});
        const ProgramResult remote =
            run({"batch", path("in"), "-o", path("remote.jsonl"), "--server", address});
        EXPECT_EQ(remote.exit_code, 1) << remote.err;
        EXPECT_EQ(local.exit_code, 1);
        const auto rows = [&](const char* name) {
          return without_times(read_file(path(name), uint64_t{1} << 20U, ErrorKind::kInput));
        };
        EXPECT_EQ(lines_of(rows("local.jsonl")).size(), 13U);
        EXPECT_EQ(rows("remote.jsonl"), rows("local.jsonl"));
        const ProgramResult resumed =
            run({"batch", path("in"), "-o", path("remote.jsonl"), "--resume", "--server", address});
        EXPECT_NE(resumed.err.find("0 captioned, 0 failed, 13 kept"), std::string::npos) << resumed.err;
        const ProgramResult sidecars =
            run({"batch", path("in"), "--sidecar", "--rank", "cosine", "--server", address});
        EXPECT_EQ(sidecars.exit_code, 1) << sidecars.err;
        EXPECT_TRUE(std::filesystem::exists(path("in/3.ppm.txt")));
      },
      {"--max-pixels", "178956970", "--read-text", "off"});
  EXPECT_EQ(server.exit_code, 0) << server.err;
}

TEST_F(RemoteTest, ABatchEndsWhenItsServerIsGone) {
  picture("a.ppm");
  const ProgramResult result =
      run({"batch", folder_.path().string(), "-o", path("out.jsonl"), "--server", "unix:" + path("none")});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_NE(result.err.find("no server answers"), std::string::npos) << result.err;
}

TEST_F(RemoteTest, TheEnvironmentNamesAServerUnlessAModelIsChosen) {
  const std::string a = picture("a.ppm");
  const ProgramSetup no_server{"", {{"KILOWORD_SERVER", "unix:" + path("none")}}, "", "", {}};
  const ProgramResult asked = run({"caption", a}, no_server);
  EXPECT_EQ(asked.exit_code, 3);
  EXPECT_EQ(asked.err,
            "kiloword: unix:" + path("none") +
                ": no server answers; start one with 'kiloword serve', or unset KILOWORD_SERVER\n");
  EXPECT_EQ(run({"caption", "--model", "nano", a}, no_server).exit_code, 0);
  EXPECT_EQ(run({"labels", "list"}, no_server).exit_code, 0);
}

TEST_F(RemoteTest, AServerDoesNotGoWithWhatOnlyThisMachineCanDo) {
  for (const char* option : {"--model", "--device", "--precision", "--threads", "--max-pixels"}) {
    const std::string value = std::string(option) == "--precision" ? "fp32" : "1";
    const ProgramResult result = run({"caption", "a.jpg", "--server", "localhost", option, value});
    EXPECT_EQ(result.exit_code, 2) << option;
    EXPECT_NE(result.err.find("--server"), std::string::npos) << result.err;
  }
  const ProgramResult result = run({"caption", "a.jpg", "--server", "ftp://localhost"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err,
            "kiloword: ftp://localhost: no server's address; give it as the server tells it: "
            "http://HOST:PORT or unix:PATH\n");
}

TEST_F(RemoteTest, ATokenIsNeededWhereTheServerHasOne) {
  const std::string a = picture("a.ppm");
  const std::string token = folder_.write("token", "open sesame\n").string();
  const ProgramResult server = serve(
      [&](const std::string& address) {
        const ProgramResult refused = run({"caption", a, "--server", address});
        EXPECT_EQ(refused.exit_code, 2);
        EXPECT_EQ(refused.err,
                  "kiloword: " + address + ": a token is needed; set KILOWORD_TOKEN to the server's\n");
        const ProgramSetup with_token{"", {{"KILOWORD_TOKEN", "open sesame"}}, "", "", {}};
        EXPECT_EQ(run({"caption", a, "--server", address}, with_token).exit_code, 0);
      },
      {"--token-file", token});
  EXPECT_EQ(server.exit_code, 0) << server.err;
}

// Whatever is at the other end: one clear line, the right exit code, no garbage on stdout.
TEST_F(RemoteTest, AnAnswerThatIsNoRecordEndsTheRun) {
  const std::string a = picture("a.ppm");
  const std::vector<std::pair<ServedReply, std::string>> answers{
      {{200, {}, "<html>hello</html>\n", {}}, "the server's response is not a record"},
      {{200, {}, "{\"path\":\"elsewhere.jpg\"}\n", {}}, "not a record of this version"},
      {{200, {}, "{\"schema\":2,\"path\":\"-\",\"status\":\"ok\"}", {}}, "not a record of this version"},
      {{200, {}, "{\"schema\":1,\"path\":\"-\",\"status\":\"ok\"}", {}}, "not a record of this version"},
      {{200, {}, "{\"schema\":1,\"path\":\"-\",\"x\":1}\n{}\n", {}}, "the server's response is not a record"},
      {{200, {}, std::string(200000, '['), {}}, "the server's response is not a record"},
      {{200, {}, "", {}}, "the server's response is not a record"},
      {{404, {}, "not found", {}}, "not a response of kiloword (status 404)"},
      {{422, {}, "{\"error\":[]}", {}}, "not a response of kiloword (status 422)"},
  };
  for (const auto& [answer, expected] : answers) {
    const HttpServer server([reply = answer](const ServedRequest&) { return reply; });
    const ProgramResult result = run({"caption", a, "--server", server.address()});
    EXPECT_EQ(result.exit_code, 3) << expected;
    EXPECT_EQ(result.out, "") << expected;
    EXPECT_NE(result.err.find(expected), std::string::npos) << result.err;
    EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
  }
}

TEST_F(RemoteTest, EmbeddingsOfNoLengthEndTheRun) {
  const std::string a = picture("a.ppm");
  for (const char* dim : {"0", "-1", "1e300", "18446744073709551615", "\"512\"", "null"}) {
    const std::string models = "{\"embedding_dim\":" + std::string(dim) + "}\n";
    const HttpServer server([&](const ServedRequest&) { return ServedReply{200, {}, models, {}}; });
    const ProgramResult result = run({"embed", a, "--npy", path("e.npy"), "--server", server.address()});
    EXPECT_EQ(result.exit_code, 3) << dim;
    EXPECT_NE(result.err.find("does not state the length of its embeddings"), std::string::npos)
        << result.err;
  }
}

TEST_F(RemoteTest, WhatAServerSaysCannotControlTheTerminal) {
  const HttpServer server([](const ServedRequest&) {
    ServedReply reply;
    reply.body = R"({"schema":1,"path":"-","status":"ok","caption":"\u001b[2J\nforged"})";
    return reply;
  });
  const ProgramResult result = run({"caption", picture("a.ppm"), "--server", server.address()});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(lines_of(result.out).size(), 1U);
  EXPECT_EQ(result.out.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace kiloword::testing
