#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kiloword {

/// The answer of a server.
struct ServerAnswer {
  int status = 0;
  std::string body;
  std::string remedy;  ///< of a failed input; empty: none
};

/// Options of a request, as docs/serve.md names them.
using RequestFields = std::vector<std::pair<std::string, std::string>>;

/// Sends requests to a `kiloword serve`. May be used from several threads at once: each request has a
/// connection to itself, which is kept for the next one.
class ServerClient {
 public:
  /// `address`: "http://127.0.0.1:8421" or "unix:/run/kiloword.sock", as the server reports it, or HOST:PORT.
  /// `token` is sent to that address and nowhere else; empty: none.
  /// `way_out` is the remedy in the error if no server answers. Throws Error(kUsage) for
  /// anything but an address.
  ServerClient(const std::string& address, std::string token, std::string way_out = "leave out --server");

  /// The answer to a POST with `fields` and `image` (empty: none) as a form. A server that is busy (503) is
  /// retried for half a minute. Throws Error(kModel) where no server answers, or not whole.
  ServerAnswer post(const std::string& path, const RequestFields& fields, const std::string& image) const;
  /// The same for an answer that comes in pieces: `see` gets them as well, as they come.
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
  std::string address_;      ///< as it was given
  std::string base_url_;     ///< scheme, host and port
  std::string socket_path_;  ///< empty: TCP
  std::string token_;
  std::string way_out_;
};

}  // namespace kiloword
