#include "serve/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword {
namespace {

constexpr int kBacklog = 512;

[[noreturn]] void refuse(const std::string& where) {
  throw Error(ErrorKind::kOutput, "cannot listen: " + errno_message(errno), where,
              "choose another port or address");
}

bool is_loopback(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    const auto* ipv4 = reinterpret_cast<const sockaddr_in*>(address);
    return (ntohl(ipv4->sin_addr.s_addr) >> 24U) == 127;
  }
  const auto* ipv6 = reinterpret_cast<const sockaddr_in6*>(address);
  return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&ipv6->sin6_addr);
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses resolve(const HttpOptions& options) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV | (options.host == "localhost" ? 0 : AI_NUMERICHOST);
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(options.host.c_str(), std::to_string(options.port).c_str(), &hints, &found) != 0) {
    throw Error(ErrorKind::kUsage, "not an address of a network interface", options.host,
                "use 127.0.0.1, ::1, localhost or 0.0.0.0");
  }
  return Addresses(found);
}

int port_of(int socket) {
  sockaddr_in6 address{};  // large enough for both families, the port at the same place
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.sin6_port);
}

}  // namespace

Listener::Listener(const HttpOptions& options) {
  if (options.socket_path.empty()) {
    listen_at_host(options);
  } else {
    listen_at_path(options.socket_path);
  }
}

Listener::~Listener() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

void Listener::listen_at_host(const HttpOptions& options) {
  const Addresses addresses = resolve(options);
  const std::string where = options.host + ":" + std::to_string(options.port);
  if (!options.may_leave_machine && !is_loopback(addresses->ai_addr)) {
    throw Error(ErrorKind::kUsage, "without a token anyone on the network could use this server",
                options.host, "give --token-file, or listen on 127.0.0.1");
  }
  socket_ = Descriptor(::socket(addresses->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(socket_.get(), addresses->ai_addr, addresses->ai_addrlen) != 0 ||
      ::listen(socket_.get(), kBacklog) != 0) {
    refuse(where);
  }
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  address_ = "http://" + (is_ipv6 ? "[" + options.host + "]" : options.host) + ":" +
             std::to_string(port_of(socket_.get()));
}

void Listener::listen_at_path(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    throw Error(ErrorKind::kUsage, "a socket's path has at most 107 bytes", path, "choose a shorter one");
  }
  std::memcpy(&address.sun_path, path.c_str(), path.size() + 1);
  const auto* plain = reinterpret_cast<const sockaddr*>(&address);
  socket_ = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  struct stat existing {};
  if (::stat(path.c_str(), &existing) == 0 && S_ISSOCK(existing.st_mode)) {
    const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(probe.get(), plain, sizeof address) != 0 && errno == ECONNREFUSED) ::unlink(path.c_str());
  }
  const mode_t mask = ::umask(0177);  // only this user's processes may connect
  const int bound = ::bind(socket_.get(), plain, sizeof address);
  ::umask(mask);
  if (bound != 0 || ::listen(socket_.get(), kBacklog) != 0) refuse(path);
  path_ = path;
  address_ = "unix:" + path;
}

int Listener::accept(int wait_ms) const {
  pollfd entry{socket_.get(), POLLIN, 0};
  if (::poll(&entry, 1, wait_ms) <= 0) return -1;
  const int socket = ::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (socket < 0 && (errno == EMFILE || errno == ENFILE)) ::usleep(20'000);  // until one is closed
  const int on = 1;
  if (socket >= 0) ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

}  // namespace kiloword
