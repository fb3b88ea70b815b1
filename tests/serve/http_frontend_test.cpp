#include "kiloword/serve/http_frontend.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <future>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "kiloword/base/error.h"
#include "serve/fake_server.h"
#include "support/http_client.h"

namespace kiloword {
namespace {

using std::chrono::milliseconds;
using testing::ask;
using testing::FakeServer;
using testing::get;
using testing::HttpAnswer;
using testing::post;
using testing::tiny_picture;

HttpOptions quick_options() {
  HttpOptions options;
  options.max_body_bytes = 100'000;
  options.receive_timeout = milliseconds(300);
  return options;
}

TEST(HttpFrontend, AnswersOverTcpAndAUnixSocket) {
  FakeServer server;
  HttpOptions unix_options;
  unix_options.socket_path = (server.folder.path() / "socket").string();
  const HttpFrontend tcp(server.service, {});
  const HttpFrontend local(server.service, unix_options);
  for (const std::string& address : {tcp.address(), local.address()}) {
    const auto answer = post(address, "/v1/caption?name=x%20y", "image/x", tiny_picture());
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(nlohmann::json::parse(answer.body)["path"], "x y");
    EXPECT_EQ(get(address, "/healthz").body, "{\"status\":\"ok\"}\n");
  }
}

TEST(HttpFrontend, TakesFormsChunksAndExpectations) {
  FakeServer server;
  const HttpFrontend frontend(server.service, {});
  const std::string form =
      "--B\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.ppm\"\r\n\r\n" + tiny_picture() +
      "\r\n--B--\r\n";
  const auto of_form = post(frontend.address(), "/v1/caption", "multipart/form-data; boundary=B", form);
  EXPECT_EQ(nlohmann::json::parse(of_form.body)["path"], "a.ppm");
  const std::string picture = tiny_picture();
  const std::string half = picture.substr(0, 16);
  const auto of_chunks = ask(
      frontend.address(),
      "POST /v1/caption HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
      "10\r\n" +
          half + "\r\n" +
          [&] {
            char size[16];  // NOLINT(modernize-avoid-c-arrays): snprintf's
            std::snprintf(size, sizeof size, "%zx", picture.size() - 16);
            return std::string(size);
          }() +
          "\r\n" + picture.substr(16) + "\r\n0\r\n\r\n");
  EXPECT_EQ(of_chunks.status, 200) << of_chunks.body;
  EXPECT_EQ(post(frontend.address(), "/v1/caption", "", picture, "Expect: 100-continue\r\n").status, 200);
}

TEST(HttpFrontend, RefusesWhatIsTooLargeOrMalformed) {
  FakeServer server;
  const HttpFrontend frontend(server.service, quick_options());
  const std::string& address = frontend.address();
  const std::string head = "POST /v1/caption HTTP/1.1\r\nHost: localhost\r\n";
  EXPECT_EQ(post(address, "/v1/caption", "", std::string(200'000, 'x')).status, 413);
  EXPECT_EQ(ask(address, head + "Content-Length: 9999999999999999999\r\n\r\n").status, 413);
  EXPECT_EQ(ask(address, head + "Content-Length: 99999999999999999999999\r\n\r\n").status, 400)
      << "no number of 64 bits";
  EXPECT_EQ(ask(address, head + "Content-Length: -1\r\n\r\n").status, 400);
  EXPECT_EQ(ask(address, head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx").status, 400);
  EXPECT_EQ(ask(address, head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx").status, 400);
  EXPECT_EQ(ask(address, head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n").status, 400);
  EXPECT_EQ(ask(address, head + "\r\n").status, 411);
  EXPECT_EQ(ask(address, head + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx").status, 415);
  EXPECT_EQ(get(address, "/nowhere").status, 404);
  EXPECT_EQ(ask(address, "DELETE /v1/caption HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 405);
  EXPECT_EQ(ask(address, "nonsense\r\n\r\n").status, 400);
  EXPECT_EQ(ask(address, "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(50'000, 'x')).status, 431);
  EXPECT_EQ(get(address, "/healthz", "Range: bytes=" + std::string(7000, '1') + "\r\n").status, 200)
      << "ignored";
  EXPECT_NE(get(address, "/" + std::string(8000, 'a') + "?" + std::string(100, '&')).status, 200);
  for (const std::string& junk :
       {std::string("\0\0\0\0", 4), std::string("\r\n\r\n"), std::string("\x16\x03\x01")}) {
    ask(address, junk);
  }
  EXPECT_EQ(post(address, "/v1/caption", "", tiny_picture()).status, 200);  // it lives
}

TEST(HttpFrontend, DropsClientsThatAreSlow) {
  FakeServer server;
  const HttpFrontend frontend(server.service, quick_options());
  const auto start = std::chrono::steady_clock::now();
  const std::string head = "POST /v1/caption HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n";
  EXPECT_EQ(ask(frontend.address(), head + "x").status, 408);
  EXPECT_EQ(ask(frontend.address(), "POST /v1/cap").status, 408);
  EXPECT_EQ(ask(frontend.address(), "").status, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(HttpFrontend, RefusesConnectionsThatAreTooMany) {
  FakeServer server;
  HttpOptions options;
  options.connections = 2;
  const HttpFrontend frontend(server.service, options);
  const Descriptor first = testing::connect_to(frontend.address());
  const Descriptor second = testing::connect_to(frontend.address());
  const auto refused = testing::read_answer(testing::connect_to(frontend.address()));
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.body.find(R"("kind":"busy")"), std::string::npos) << refused.body;
  EXPECT_NE(refused.head.find("Retry-After: 1"), std::string::npos);
}

TEST(HttpFrontend, FinishesWhatHasBegunAndTakesNothingMore) {
  FakeServer server;
  HttpFrontend frontend(server.service, {});
  const std::string address = frontend.address();
  const Descriptor idle = testing::connect_to(address);
  server.encoder.close();
  auto answer =
      std::async(std::launch::async, [&] { return post(address, "/v1/caption", "", tiny_picture()); });
  server.encoder.wait_for_call();
  auto stopped = std::async(std::launch::async, [&] { frontend.stop(); });
  EXPECT_EQ(stopped.wait_for(milliseconds(300)), std::future_status::timeout);
  EXPECT_THROW(testing::connect_to(address), std::runtime_error);
  server.encoder.open();
  EXPECT_EQ(answer.get().status, 200);
  stopped.get();
}

TEST(HttpFrontend, AConnectionCarriesRequestsOneAfterAnother) {
  FakeServer server;
  const HttpFrontend frontend(server.service, {});
  const std::string& address = frontend.address();
  const Descriptor socket = testing::connect_to(address);
  const std::string health = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
  for (int i = 0; i < 3; ++i) {
    testing::send_all(socket, health);
    EXPECT_EQ(testing::read_answer(socket).status, 200);
  }
  testing::send_all(socket, health + health);  // the second before the answer to the first
  EXPECT_EQ(testing::read_answer(socket).body, "{\"status\":\"ok\"}\n");
  EXPECT_EQ(testing::read_answer(socket).body, "{\"status\":\"ok\"}\n");
  testing::send_all(
      socket,
      "POST /v1/caption HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Encoding: x\r\n\r\n");
  const auto refused = testing::read_answer(socket);
  EXPECT_EQ(refused.status, 415);
  EXPECT_EQ(testing::header_value(refused.head, "Connection"), "close") << "a body is unread";
  EXPECT_EQ(testing::read_answer(socket).status, 0);
  const Descriptor old = testing::connect_to(address);
  testing::send_all(old, "GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(testing::read_answer(old).status, 200);
  EXPECT_EQ(testing::read_answer(old).status, 0);
}

TEST(HttpFrontend, AnIdleConnectionMakesRoom) {
  FakeServer server;
  HttpOptions options;
  options.connections = 2;
  const HttpFrontend frontend(server.service, options);
  const Descriptor first = testing::connect_to(frontend.address());
  const Descriptor second = testing::connect_to(frontend.address());
  testing::send_all(second, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(testing::read_answer(second).status, 200);
  EXPECT_EQ(get(frontend.address(), "/healthz").status, 200);
  EXPECT_EQ(testing::read_answer(second).status, 0);
  const Descriptor third = testing::connect_to(frontend.address());
  std::this_thread::sleep_for(milliseconds(1100));  // by now the first is only silent
  EXPECT_EQ(get(frontend.address(), "/healthz").status, 200);
  EXPECT_EQ(testing::read_answer(first).status, 0);
}

TEST(HttpFrontend, TakesWhateverFormOfHttpClientsSend) {
  FakeServer server;
  const HttpFrontend frontend(server.service, quick_options());
  const std::string& address = frontend.address();
  const std::string picture = tiny_picture();
  const auto chunk = [](const std::string& bytes) {
    std::ostringstream size;
    size << std::hex << bytes.size();
    return size.str() + "\r\n" + bytes + "\r\n";
  };
  const std::string head = "POST /v1/caption HTTP/1.1\r\nHost: localhost\r\n";
  EXPECT_EQ(ask(address, head + "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n" + chunk(picture) +
                             "0\r\nX-Sum: 1\r\n\r\n")
                .status,
            200);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(ask(address, head + "Transfer-Encoding: gzip\r\n\r\n").status, 501);
  EXPECT_EQ(ask(address, head + "Transfer-Encoding: gzip, chunked\r\n\r\n").status, 501);
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(250)) << "at once";
  EXPECT_EQ(ask(address, "GET http://127.0.0.1:1/healthz HTTP/1.1\r\nHost: elsewhere\r\n\r\n").status, 200);
  EXPECT_EQ(ask(address, "GET http://elsewhere/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 403);
  EXPECT_EQ(ask(address, "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n").status, 400);
  EXPECT_EQ(ask(address, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere\r\n\r\n").status, 400);
  EXPECT_EQ(ask(address, "GET /healthz HTTP/1.0\r\n\r\n").status, 200);
  const auto of_head = ask(address, "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(testing::header_value(of_head.head, "Content-Length"), "16");
}

TEST(HttpFrontend, AClientThatClosesItsOwnSideGetsItsAnswer) {
  FakeServer server;
  const HttpFrontend frontend(server.service, {});
  const std::string picture = tiny_picture();
  for (const std::string path : {"/v1/caption", "/v1/embed"}) {
    const Descriptor socket = testing::connect_to(frontend.address());
    testing::send_all(socket, "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                                  std::to_string(picture.size()) + "\r\n\r\n" + picture);
    ::shutdown(socket.get(), SHUT_WR);
    EXPECT_EQ(testing::read_answer(socket).status, 200) << path;
  }
  const Descriptor cut = testing::connect_to(frontend.address());
  testing::send_all(cut, "POST /v1/caption HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nxx");
  ::shutdown(cut.get(), SHUT_WR);
  EXPECT_EQ(testing::read_answer(cut).status, 400);
}

TEST(HttpFrontend, BodiesShareOneBudget) {
  FakeServer server;
  HttpOptions options;
  options.max_bodies_bytes = 100'000;
  const HttpFrontend frontend(server.service, options);
  const std::string& address = frontend.address();
  const auto open = [&] {
    Descriptor socket = testing::connect_to(address);
    testing::send_all(socket,
                      "POST /v1/caption HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n" +
                          std::string(60'000, 'x'));
    return socket;
  };
  const Descriptor first = open();
  HttpAnswer refused;
  for (int i = 0; i < 100 && refused.status != 503; ++i) {  // until the first one's bytes have been read
    refused = post(address, "/v1/caption", "", std::string(60'000, 'x'));
  }
  EXPECT_EQ(refused.status, 503);
  testing::send_all(first, std::string(10'000, 'x'));
  EXPECT_EQ(testing::read_answer(first).status, 422);
  EXPECT_EQ(post(address, "/v1/caption", "", std::string(60'000, 'x')).status, 422) << "given back";
  EXPECT_EQ(post(address, "/v1/caption", "application/json", std::string(40'000, ' ')).status, 503)
      << "JSON is held several times while it is read";
}

TEST(HttpFrontend, LogsNothingThatActsOnATerminal) {
  FakeServer server;
  HttpOptions options;
  std::promise<std::string> logged;
  options.log = [&](const AnsweredRequest& request) { logged.set_value(log_line(request)); };
  const HttpFrontend frontend(server.service, options);
  EXPECT_EQ(get(frontend.address(), "/%E2%80%AEgpj.exe%0A").status, 404);
  EXPECT_EQ(logged.get_future().get().substr(0, 23), "GET /\uFFFDgpj.exe\uFFFD 404 ");
}

TEST(HttpFrontend, ListensToTheWorldOnlyWithAToken) {
  FakeServer server;
  HttpOptions options;
  options.host = "0.0.0.0";
  EXPECT_THROW(HttpFrontend(server.service, options), Error);
  options.may_leave_machine = true;
  const HttpFrontend frontend(server.service, options);
  options.host = "example.org";
  EXPECT_THROW(HttpFrontend(server.service, options), Error);
}

/// A socket that listens on a free port of `address` (IPv4, in the host's order).
int listening_socket(in_addr_t address) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in bound{};
  bound.sin_family = AF_INET;
  bound.sin_addr.s_addr = htonl(address);
  EXPECT_EQ(::bind(descriptor, reinterpret_cast<const sockaddr*>(&bound), sizeof bound), 0);
  EXPECT_EQ(::listen(descriptor, 1), 0);
  return descriptor;
}

TEST(HttpFrontend, TakesOverASocketThatListens) {
  FakeServer server;
  HttpOptions options;
  options.inherited_socket = listening_socket(INADDR_LOOPBACK);
  const HttpFrontend frontend(server.service, options);
  EXPECT_EQ(frontend.address().substr(0, 17), "http://127.0.0.1:");
  EXPECT_EQ(get(frontend.address(), "/readyz").status, 200);
  options.inherited_socket = listening_socket(INADDR_ANY);
  EXPECT_THROW(HttpFrontend(server.service, options), Error) << "it faces the network, and there is no token";
}

}  // namespace
}  // namespace kiloword
