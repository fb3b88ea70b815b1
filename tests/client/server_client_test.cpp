#include "kiloword/client/server_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "kiloword/base/error.h"
#include "support/http_server.h"

namespace kiloword {
namespace {

using ::testing::HasSubstr;
using testing::HttpServer;
using testing::ServedReply;
using testing::ServedRequest;

std::string error_of(const std::string& address) {
  try {
    const ServerClient client(address, "");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    return error.what();
  }
  return "";
}

TEST(ServerClient, TakesAddressesAsServersTellThem) {
  for (const char* good : {"http://127.0.0.1:8421", "127.0.0.1:8421", "localhost",
                           "https://captions.example/", "unix:/run/kiloword.sock", "http://[::1]:80"}) {
    EXPECT_EQ(error_of(good), "") << good;
  }
  for (const char* bad : {"unix:", "ftp://host", "http://host/path", "http://user:secret@host",
                          "http://host?a=b", "a b", "file:///etc/passwd", "http://", "host:port"}) {
    EXPECT_THAT(error_of(bad), HasSubstr("no server's address")) << bad;
  }
}

TEST(ServerClient, SendsFieldsImageAndToken) {
  const std::string image("a\0b\r\n--c", 9);
  const HttpServer server([](const ServedRequest&) {
    return ServedReply{422, {{"Kiloword-Remedy", "do it"}}, "{}", {}};
  });
  const ServerAnswer answer =
      ServerClient(server.address(), "secret").post("/v1/caption", {{"author", "A\"d\na"}}, image);
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.body, "{}");
  EXPECT_EQ(answer.remedy, "do it");
  const ServedRequest request = server.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/v1/caption");
  EXPECT_EQ(request.headers.at("authorization"), "Bearer secret");
  EXPECT_EQ(request.headers.count("expect"), 0U);
  EXPECT_THAT(request.body, HasSubstr("name=\"author\"\r\n\r\nA\"d\na\r\n"));
  EXPECT_THAT(request.body, HasSubstr("name=\"image\"\r\n\r\n" + image + "\r\n"));
}

TEST(ServerClient, FollowsNoRedirectWithItsToken) {
  const HttpServer other([](const ServedRequest&) { return ServedReply(); }, "127.0.0.2");
  const HttpServer server([&](const ServedRequest&) {
    return ServedReply{307, {{"Location", other.address() + "/v1/caption"}}, "", {}};
  });
  EXPECT_EQ(ServerClient(server.address(), "secret").post("/v1/caption", {}, "x").status, 307);
  EXPECT_TRUE(other.requests().empty());
}

TEST(ServerClient, AsksABusyServerAgain) {
  std::atomic<int> asked{0};
  const HttpServer server([&](const ServedRequest&) {
    ServedReply reply;
    reply.status = ++asked < 3 ? 503 : 200;
    return reply;
  });
  EXPECT_EQ(ServerClient(server.address(), "").get("/v1/models").status, 200);
  EXPECT_EQ(asked, 3);
}

TEST(ServerClient, NamesAServerThatDoesNotAnswer) {
  std::string address;
  {
    const HttpServer server([](const ServedRequest&) { return ServedReply(); });
    address = server.address();
  }
  try {
    ServerClient(address, "").get("/healthz");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    EXPECT_EQ(std::string(error.what()),
              "no server answers, " + address + "; start one with 'kiloword serve', or leave out --server");
  }
}

TEST(ServerClient, AnAnswerThatIsCutIsAnError) {
  const HttpServer server([](const ServedRequest&) {
    ServedReply reply;
    reply.body = std::string(1000, 'x');
    reply.sent_bytes = 10;
    return reply;
  });
  EXPECT_THROW(ServerClient(server.address(), "").get("/v1/models"), Error);
}

TEST(ServerClient, HandsOnPiecesAndWhatTheirReceiverThrows) {
  const HttpServer server([](const ServedRequest&) {
    ServedReply reply;
    reply.body = "one two";
    return reply;
  });
  const ServerClient client(server.address(), "");
  std::string seen;
  EXPECT_EQ(client.post("/", {}, "x", [&](std::string_view piece) { seen += piece; }).body, "one two");
  EXPECT_EQ(seen, "one two");
  EXPECT_THROW(client.post("/", {}, "x", [](std::string_view) { throw std::logic_error("enough"); }),
               std::logic_error);
}

}  // namespace
}  // namespace kiloword
