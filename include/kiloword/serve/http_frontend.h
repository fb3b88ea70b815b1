#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "kiloword/serve/service.h"

namespace kiloword {

/// A request that has its answer.
struct AnsweredRequest {
  std::string method;
  std::string path;  ///< printable and cut after 100 bytes; empty: the request was malformed
  int status = 0;    ///< 499: the client had disconnected
  double seconds = 0;
};

/// "POST /v1/caption 200 12 ms".
std::string log_line(const AnsweredRequest& request);

struct HttpOptions {
  std::string host = "127.0.0.1";  ///< an address, or "localhost"
  int port = 0;                    ///< 0: one that is free
  std::string socket_path;         ///< a Unix socket instead
  int inherited_socket = -1;  ///< one that listens already instead (service_manager.h), which is taken over
  bool may_leave_machine = false;  ///< whether the address may be reached from other machines
  size_t connections = 128;        ///< at the same time; further ones take an idle one's place or get 503
  size_t max_body_bytes = size_t{20} << 20U;
  size_t max_bodies_bytes = size_t{256} << 20U;       ///< of all requests at the same time
  std::chrono::milliseconds receive_timeout{30'000};  ///< for a whole request, and for the wait between two
  std::chrono::milliseconds send_timeout{10'000};     ///< in which a client must take something
  std::function<void(const AnsweredRequest& request)> log;
  std::function<void(const std::string& line)> warn;  ///< messages for the operator, each once
};

/// Serves HTTP/1.1 for a Service: connections that carry requests one after another, at most so many, each
/// with deadlines for every read and write. One thread has all sockets; answers are computed on threads of
/// their own.
class HttpFrontend {
 public:
  /// Listens and answers from now on. Throws Error(kUsage) for an address that is not this machine's alone
  /// unless `may_leave_machine`, Error(kOutput) when it cannot be had, or no thread.
  HttpFrontend(Service& service, HttpOptions options);
  HttpFrontend(const HttpFrontend&) = delete;
  HttpFrontend& operator=(const HttpFrontend&) = delete;
  /// As stop().
  ~HttpFrontend();

  /// "http://127.0.0.1:8421", "unix:/run/kiloword.sock".
  const std::string& address() const;

  /// Takes no further connection and waits until those that have sent something have their answer.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kiloword
