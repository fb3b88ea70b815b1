#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace kiloword::testing {

struct ServedRequest {
  std::string method;
  std::string target;                          ///< "/path?query"
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// An answer, and how the server fails at it.
struct ServedReply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::optional<std::string> content_length;  ///< instead of the right one; empty: no such header
  size_t sent_bytes = SIZE_MAX;               ///< of the body; then the connection is closed
  bool stalls = false;  ///< instead of closing the connection, the server keeps it and says nothing
};

/// A server on this machine that does what its test says, a thread for each connection, a connection for each
/// request.
class HttpServer {
 public:
  using Handler = std::function<ServedReply(const ServedRequest&)>;

  /// `host`: an address of the loopback network, so that there can be several hosts.
  explicit HttpServer(Handler handler, const std::string& host = "127.0.0.1");
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  const std::string& address() const { return address_; }  ///< "http://127.0.0.1:41234"
  std::vector<ServedRequest> requests() const;
  uint64_t body_bytes_sent() const { return body_bytes_sent_; }

 private:
  void accept_connections();
  void serve(int connection);
  void send_reply(int connection, const ServedRequest& request, const ServedReply& reply);

  Handler handler_;
  std::string address_;
  int listener_ = -1;
  std::atomic<bool> ending_{false};
  std::atomic<uint64_t> body_bytes_sent_{0};
  mutable std::mutex mutex_;
  std::vector<ServedRequest> requests_;
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

}  // namespace kiloword::testing
