#include "serve/listener.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int kBacklog = 512;
constexpr size_t kMaxPathBytes = 107;  // unix(7)

/// The address `options` names. Names are not looked up, but for "localhost".
tcp::endpoint resolve(asio::io_context& io, const HttpOptions& options) {
  error_code failed;
  if (options.host == "localhost") {
    const auto found = tcp::resolver(io).resolve("localhost", std::to_string(options.port), failed);
    if (!failed) return *found.begin();
  }
  const asio::ip::address address = asio::ip::make_address(options.host, failed);
  if (failed) {
    throw Error(ErrorKind::kUsage, "not an address of this machine", options.host,
                "use 127.0.0.1, ::1, localhost or 0.0.0.0");
  }
  return {address, static_cast<unsigned short>(options.port)};
}

tcp::endpoint tcp_endpoint(const asio::generic::stream_protocol::endpoint& bound) {
  tcp::endpoint own;
  own.resize(bound.size());
  std::memcpy(own.data(), bound.data(), bound.size());
  return own;
}

void require_permission(const asio::ip::address& address, const HttpOptions& options,
                        const std::string& remedy) {
  if (options.may_leave_machine || address.is_loopback()) return;
  throw Error(ErrorKind::kUsage, "without a token anyone on the network could use this server",
              address.to_string(), "give --token-file, or " + remedy);
}

std::string url_of(const std::string& host, unsigned short port) {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return "http://" + (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

/// The path of a Unix socket; "@" and a name where it has none in the file system.
std::string path_of(const asio::generic::stream_protocol::endpoint& endpoint) {
  sockaddr_un address{};
  std::memcpy(&address, endpoint.data(), std::min(endpoint.size(), sizeof address));
  const size_t begin = offsetof(sockaddr_un, sun_path);
  std::string path(std::begin(address.sun_path), endpoint.size() > begin ? endpoint.size() - begin : 0);
  if (path.empty()) return "(unnamed)";
  if (path[0] == '\0') return printable("@" + path.substr(1));
  return printable(path.substr(0, path.find('\0')));
}

bool is_there_a_server(asio::io_context& io, const asio::local::stream_protocol::endpoint& endpoint) {
  asio::local::stream_protocol::socket probe(io);
  error_code failed;
  probe.connect(endpoint, failed);
  return failed != asio::error::connection_refused;
}

}  // namespace

Listener::Listener(asio::io_context& io, const HttpOptions& options) : acceptor_(io) {
  if (options.inherited_socket >= 0) {
    take_over(options);
  } else if (options.socket_path.empty()) {
    listen_at_host(io, options);
  } else {
    listen_at_path(io, options.socket_path);
  }
}

void Listener::open(const asio::generic::stream_protocol::endpoint& endpoint, const std::string& where) {
  try {
    acceptor_.open(endpoint.protocol());
    ::fcntl(acceptor_.native_handle(), F_SETFD, FD_CLOEXEC);
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.bind(endpoint);
    acceptor_.listen(kBacklog);
  } catch (const boost::system::system_error& failed) {
    throw Error(ErrorKind::kOutput, "cannot listen: " + errno_message(failed.code().value()), where,
                "choose another port or address");
  }
}

void Listener::listen_at_host(asio::io_context& io, const HttpOptions& options) {
  const tcp::endpoint endpoint = resolve(io, options);
  require_permission(endpoint.address(), options, "listen on 127.0.0.1");
  open(endpoint, options.host + ":" + std::to_string(options.port));
  address_ = url_of(options.host, tcp_endpoint(acceptor_.local_endpoint()).port());
}

void Listener::take_over(const HttpOptions& options) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the interface of sockets
  if (::getsockname(options.inherited_socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    throw Error(ErrorKind::kOutput, "cannot listen: " + errno_message(errno), "the inherited socket");
  }
  acceptor_.assign({bound.ss_family, 0}, options.inherited_socket);
  const auto endpoint = acceptor_.local_endpoint();
  if (bound.ss_family == AF_UNIX) {
    address_ = "unix:" + path_of(endpoint);
    return;
  }
  const tcp::endpoint own = tcp_endpoint(endpoint);
  require_permission(own.address(), options, "have the socket unit listen on 127.0.0.1");
  address_ = url_of(own.address().to_string(), own.port());
}

void Listener::listen_at_path(asio::io_context& io, const std::string& path) {
  if (path.size() > kMaxPathBytes) {
    throw Error(ErrorKind::kUsage, "a socket's path has at most 107 bytes", path, "choose a shorter one");
  }
  const asio::local::stream_protocol::endpoint endpoint(path);
  struct stat existing {};
  if (::stat(path.c_str(), &existing) == 0 && S_ISSOCK(existing.st_mode) &&
      !is_there_a_server(io, endpoint)) {
    ::unlink(path.c_str());
  }
  const mode_t mask = ::umask(0177);  // only this user's processes may connect
  try {
    open(endpoint, path);
  } catch (...) {
    ::umask(mask);
    throw;
  }
  ::umask(mask);
  path_ = path;
  address_ = "unix:" + path;
}

void Listener::close() {
  error_code ignored;
  acceptor_.close(ignored);
  if (!path_.empty()) ::unlink(path_.c_str());
  path_.clear();
}

}  // namespace kiloword
