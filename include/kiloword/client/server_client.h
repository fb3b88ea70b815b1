#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kiloword {

/// A server's answer.
struct ServerAnswer {
  int status = 0;
  std::string body;
  std::string remedy;  ///< for a failed input; empty: none
};

/// Options of a request, named as in docs/serve.md.
using RequestFields = std::vector<std::pair<std::string, std::string>>;

/// A client of `kiloword serve`. Thread-safe: each request uses a connection of its own, which is kept for
/// later requests.
class ServerClient {
 public:
  /// `address`: "http://127.0.0.1:8421" or "unix:/run/kiloword.sock", as the server reports it, or HOST:PORT.
  /// `token` is sent only to that address; empty: none. `way_out` is the remedy in the error if no server
  /// answers. Throws Error(kUsage) for an invalid address.
  ServerClient(const std::string& address, std::string token, std::string way_out = "leave out --server");

  /// The answer to a POST of `fields` and `image` (empty: none) as a form. Retries a busy server (503) for
  /// half a minute. Throws Error(kModel) if no server answers, or the answer is incomplete.
  ServerAnswer post(const std::string& path, const RequestFields& fields, const std::string& image) const;
  /// The same for a streamed answer: also passes its pieces to `see` as they arrive.
  ServerAnswer post(const std::string& path, const RequestFields& fields, const std::string& image,
                    const std::function<void(std::string_view piece)>& see) const;
  /// The answer to a GET, with `fields` as its query.
  ServerAnswer get(const std::string& path, const RequestFields& fields = {}) const;

  const std::string& address() const { return address_; }

 private:
  ServerAnswer ask_until_free(const std::string& path, const RequestFields* fields, const std::string& image,
                              const std::function<void(std::string_view piece)>& see) const;
  ServerAnswer ask(const std::string& path, const RequestFields* fields, const std::string& image,
                   const std::function<void(std::string_view piece)>& see) const;

  struct Connections;
  std::shared_ptr<Connections> connections_;
  std::string address_;      ///< as given
  std::string base_url_;     ///< scheme, host and port
  std::string socket_path_;  ///< empty: TCP
  std::string token_;
  std::string way_out_;
};

}  // namespace kiloword
