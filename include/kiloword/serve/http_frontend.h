#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "kiloword/serve/service.h"

namespace kiloword {

/// An answered request, for logs.
struct AnsweredRequest {
  std::string method;
  std::string path;  ///< printable, truncated to 100 bytes; empty if the request was malformed
  int status = 0;    ///< 499: the client disconnected
  double seconds = 0;
};

/// "POST /v1/caption 200 12 ms".
std::string log_line(const AnsweredRequest& request);

struct HttpOptions {
  std::string host = "127.0.0.1";  ///< an address, or "localhost"
  int port = 0;                    ///< 0: any free port
  std::string socket_path;         ///< instead: a Unix socket
  int inherited_socket = -1;       ///< instead: a listening socket to take over (service_manager.h)
  bool may_leave_machine = false;  ///< whether the address may be reachable from other machines
  size_t connections = 128;        ///< concurrent; further ones replace an idle one or get 503
  size_t max_body_bytes = size_t{20} << 20U;
  size_t max_bodies_bytes = size_t{256} << 20U;       ///< of all concurrent requests
  std::chrono::milliseconds receive_timeout{30'000};  ///< for a whole request, and between requests
  std::chrono::milliseconds send_timeout{10'000};     ///< for the client to accept some data
  std::function<void(const AnsweredRequest& request)> log;
  std::function<void(const std::string& line)> warn;  ///< messages for the operator, each once
};

/// Serves HTTP/1.1 for a Service, with persistent connections, a limit on their number, and deadlines for
/// every read and write. One thread handles all sockets; each answer is computed on its own thread.
class HttpFrontend {
 public:
  /// Starts listening. Throws Error(kUsage) for an address reachable from other machines unless
  /// `may_leave_machine`, Error(kOutput) if the address cannot be bound or no thread can be started.
  HttpFrontend(Service& service, HttpOptions options);
  HttpFrontend(const HttpFrontend&) = delete;
  HttpFrontend& operator=(const HttpFrontend&) = delete;
  /// Calls stop().
  ~HttpFrontend();

  /// "http://127.0.0.1:8421", "unix:/run/kiloword.sock".
  const std::string& address() const;

  /// Accepts no more connections and waits until requests in progress are answered.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kiloword
