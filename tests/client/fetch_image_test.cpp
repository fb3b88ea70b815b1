#include "kiloword/client/fetch_image.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <string>

#include "client/public_address.h"
#include "kiloword/base/error.h"
#include "support/http_server.h"

namespace kiloword {
namespace {

using testing::HttpServer;
using testing::ServedReply;
using testing::ServedRequest;

ServedReply reply(int status, std::vector<std::pair<std::string, std::string>> headers, std::string body) {
  ServedReply out;
  out.status = status;
  out.headers = std::move(headers);
  out.body = std::move(body);
  return out;
}

ServedReply answer(const ServedRequest& request) {
  const std::string& target = request.target;
  if (target == "/image") return reply(200, {{"Content-Type", "image/png"}}, "pixels");
  if (target == "/untyped") return reply(200, {}, "pixels");
  if (target == "/page") return reply(200, {{"Content-Type", "text/html; charset=utf-8"}}, "<html>");
  if (target == "/large") return reply(200, {{"Content-Type", "image/png"}}, std::string(5000, 'x'));
  if (target == "/empty") return reply(200, {{"Content-Type", "image/png"}}, "");
  if (target == "/moved") return reply(302, {{"Location", "/image"}}, "");
  if (target == "/circle") return reply(302, {{"Location", "/circle"}}, "");
  if (target == "/file") return reply(302, {{"Location", "file:///etc/passwd"}}, "");
  if (target == "/secure") return reply(302, {{"Location", "https://127.0.0.1:1/"}}, "");
  if (target == "/hangs") {
    ServedReply out = reply(200, {{"Content-Type", "image/png"}}, "pixels");
    out.sent_bytes = 2;
    out.stalls = true;
    return out;
  }
  return reply(404, {}, "no");
}

class FetchImageTest : public ::testing::Test {
 protected:
  std::string fetch(const std::string& target) { return fetch_image(server_.address() + target, limits_); }
  std::string message(const std::string& target) {
    try {
      fetch(target);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
      EXPECT_NE(error.remedy(), "");
      return error.message();
    }
    return "";
  }

  HttpServer server_{answer};
  FetchLimits limits_{4096, std::chrono::milliseconds(5000), std::chrono::milliseconds(20000), 5, true};
};

TEST_F(FetchImageTest, FetchesFilesAndFollowsRedirects) {
  EXPECT_EQ(fetch("/image"), "pixels");
  EXPECT_EQ(fetch("/untyped"), "pixels");
  EXPECT_EQ(fetch("/moved"), "pixels");
}

TEST_F(FetchImageTest, RefusesWhatIsNoImageTooLargeOrElsewhere) {
  EXPECT_EQ(message("/page"), "is text/html; charset=utf-8, not an image");
  EXPECT_EQ(message("/large"), "larger than the limit of 4096 bytes");
  EXPECT_EQ(message("/empty"), "empty file");
  EXPECT_EQ(message("/none"), "the server answers with status 404");
  EXPECT_EQ(message("/circle"), "more than 5 redirects");
  EXPECT_EQ(message("/file"), "is redirected to another scheme");
  EXPECT_EQ(message("/secure"), "is redirected to another scheme");
}

TEST_F(FetchImageTest, IsBoundedInTime) {
  limits_.time = std::chrono::milliseconds(300);
  EXPECT_EQ(message("/hangs"), "cannot be fetched in time");
}

TEST_F(FetchImageTest, PrivateAddressesAreRefused) {
  limits_.allow_private = false;
  EXPECT_EQ(message("/image"), "its address is of this machine or a private network");
  EXPECT_TRUE(server_.requests().empty());
}

bool is_public(const std::string& address) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    return is_public_address(reinterpret_cast<const sockaddr*>(&v4));
  }
  EXPECT_EQ(inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr), 1) << address;
  v6.sin6_family = AF_INET6;
  return is_public_address(reinterpret_cast<const sockaddr*>(&v6));
}

TEST(PublicAddress, TellsSpecialNetworks) {
  for (const char* address : {"8.8.8.8", "172.15.255.255", "172.32.0.1", "100.128.0.1", "192.169.0.1",
                              "2600::1", "::ffff:8.8.8.8", "64:ff9b::808:808"}) {
    EXPECT_TRUE(is_public(address)) << address;
  }
  for (const char* address : {"0.0.0.0",       "127.0.0.1",        "127.255.255.255", "10.1.2.3",
                              "172.16.0.1",    "172.31.255.255",   "192.168.1.1",     "169.254.169.254",
                              "100.64.0.1",    "224.0.0.1",        "255.255.255.255", "::",
                              "::1",           "fe80::1",          "fc00::1",         "fd12::1",
                              "ff02::1",       "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
                              "2002:7f00:1::", "2001:db8::1"}) {
    EXPECT_FALSE(is_public(address)) << address;
  }
}

}  // namespace
}  // namespace kiloword
