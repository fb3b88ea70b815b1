#include "serve/listener.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cstring>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

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
    throw Error(ErrorKind::kUsage, "not an address of a network interface", options.host,
                "use 127.0.0.1, ::1, localhost or 0.0.0.0");
  }
  return {address, static_cast<unsigned short>(options.port)};
}

bool is_there_a_server(asio::io_context& io, const asio::local::stream_protocol::endpoint& endpoint) {
  asio::local::stream_protocol::socket probe(io);
  error_code failed;
  probe.connect(endpoint, failed);
  return failed != asio::error::connection_refused;
}

}  // namespace

Listener::Listener(asio::io_context& io, const HttpOptions& options) : acceptor_(io) {
  if (options.socket_path.empty()) {
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
  if (!options.may_leave_machine && !endpoint.address().is_loopback()) {
    throw Error(ErrorKind::kUsage, "without a token anyone on the network could use this server",
                options.host, "give --token-file, or listen on 127.0.0.1");
  }
  open(endpoint, options.host + ":" + std::to_string(options.port));
  tcp::endpoint own;
  const auto bound = acceptor_.local_endpoint();
  own.resize(bound.size());
  std::memcpy(own.data(), bound.data(), bound.size());
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  address_ =
      "http://" + (is_ipv6 ? "[" + options.host + "]" : options.host) + ":" + std::to_string(own.port());
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
