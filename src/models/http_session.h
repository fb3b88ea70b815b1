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

/// Timeouts of connections.
struct TransferLimits {
  std::chrono::milliseconds connect{30000};
  /// A transfer of fewer than `stall_bytes` within `stall` is aborted.
  std::chrono::milliseconds stall{30000};
  uint64_t stall_bytes = 30000;
};

enum class TransferEnd {
  kComplete,     ///< the server sent a complete response
  kUnreachable,  ///< no connection could be made
  kUntrusted,    ///< the server's identity could not be verified
  kCut,          ///< the connection broke, stalled, or was not HTTP
  kRefused,      ///< the receiver stopped it
  kStopped,      ///< the user stopped it
};

/// A response, possibly incomplete.
struct HttpResponse {
  TransferEnd end = TransferEnd::kComplete;
  std::string failure;                         ///< the reason, unless complete
  int status = 0;                              ///< 0: no status line was received
  std::map<std::string, std::string> headers;  ///< by lower-case name; the last value of each

  /// Empty if there is no such header.
  std::string header(const std::string& name) const;
};

struct HttpRequest {
  std::string url;
  bool head_only = false;
  std::vector<std::string> headers;  ///< "Name: value"
};

/// Sends one request at a time over persistent connections. Does not follow redirects.
class HttpSession {
 public:
  /// `stop` is called several times a second; returning true ends the transfer.
  HttpSession(const TransferLimits& limits, std::function<bool()> stop);
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;
  ~HttpSession();

  /// Receives a part of a body, with status and headers; returning false ends the transfer.
  using BodyReceiver = std::function<bool(const HttpResponse& head, std::string_view bytes)>;

  /// Server failures never throw. Exceptions from `receive` propagate.
  HttpResponse perform(const HttpRequest& request, const BodyReceiver& receive);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The origin of an http or https URL, "https://host:port", in lower case and with explicit port. Empty for
/// anything else, and for URLs with a user name or password.
std::string origin_of_url(const std::string& url);

/// The target of a redirect from `url` to `location`, which may be relative; empty if origin_of_url() of it
/// is.
std::string resolve_url(const std::string& url, const std::string& location);

}  // namespace kiloword
