#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// When a connection counts as dead.
struct TransferLimits {
  std::chrono::milliseconds connect{30000};
  /// A transfer that brings fewer than `stall_bytes` in `stall` is given up.
  std::chrono::milliseconds stall{30000};
  uint64_t stall_bytes = 30000;
};

enum class TransferEnd {
  kComplete,     ///< the server said all that it wanted to say
  kUnreachable,  ///< no connection
  kUntrusted,    ///< the server cannot show that it is the one it should be
  kCut,          ///< the connection broke, stalled, or spoke no HTTP
  kRefused,      ///< the receiver wanted no more
  kStopped,      ///< the user wanted no more
};

/// An answer, or as much of it as came.
struct HttpResponse {
  TransferEnd end = TransferEnd::kComplete;
  std::string failure;                         ///< why, where it is not complete
  int status = 0;                              ///< 0: not even a status line came
  std::map<std::string, std::string> headers;  ///< names in lower case; the last of equal ones

  /// Empty when there is no such header.
  std::string header(const std::string& name) const;
};

struct HttpRequest {
  std::string url;
  bool head_only = false;
  std::vector<std::string> headers;  ///< "Name: value"
};

/// Asks servers one thing at a time over connections that are kept: plain requests, no redirect is followed.
class HttpSession {
 public:
  /// `stop` is asked several times a second whether to end the transfer.
  HttpSession(const TransferLimits& limits, std::function<bool()> stop);
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;
  ~HttpSession();

  /// Gets parts of a body and the status and headers that came before it; false: no more of it is wanted.
  using BodyReceiver = std::function<bool(const HttpResponse& head, std::string_view bytes)>;

  /// Never throws for what a server does; what `receive` throws comes out.
  HttpResponse perform(const HttpRequest& request, const BodyReceiver& receive);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// "https://host:port" of an http or https address, in lower case and with the port spelled out. Empty for
/// whatever else, and for addresses that carry a user's name or password.
std::string origin_of_url(const std::string& url);

/// Where a redirect from `url` to `location`, which may be relative, leads; empty where origin_of_url() is.
std::string resolve_url(const std::string& url, const std::string& location);

}  // namespace kiloword
