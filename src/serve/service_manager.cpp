#include "kiloword/serve/service_manager.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

constexpr int kFirstDescriptor = 3;  // SD_LISTEN_FDS_START

/// The variable's value, which is taken out of the environment: it is not for programs that this one starts.
std::string take_variable(const char* name) {
  const char* set = std::getenv(name);
  std::string value = set == nullptr ? "" : set;
  ::unsetenv(name);
  return value;
}

int socket_option(int descriptor, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  return ::getsockopt(descriptor, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

}  // namespace

std::optional<InheritedSocket> inherited_socket() {
  const std::string process = take_variable("LISTEN_PID");
  const std::string count = take_variable("LISTEN_FDS");
  take_variable("LISTEN_FDNAMES");
  if (count.empty() || process != std::to_string(::getpid())) return std::nullopt;
  if (count != "1") {
    throw Error(ErrorKind::kUsage, "one socket is served, and there are " + count, "LISTEN_FDS",
                "have one ListenStream in the socket unit");
  }
  const int family = socket_option(kFirstDescriptor, SO_DOMAIN);
  const bool is_known = family == AF_UNIX || family == AF_INET || family == AF_INET6;
  if (!is_known || socket_option(kFirstDescriptor, SO_TYPE) != SOCK_STREAM ||
      socket_option(kFirstDescriptor, SO_ACCEPTCONN) != 1) {
    throw Error(ErrorKind::kUsage, "no stream socket that listens", "LISTEN_FDS",
                "give the socket unit ListenStream, and Accept=no");
  }
  ::fcntl(kFirstDescriptor, F_SETFD, FD_CLOEXEC);
  return InheritedSocket{kFirstDescriptor, family == AF_UNIX};
}

void notify_service_manager(const std::string& state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  const std::string name = path == nullptr ? "" : path;
  if (name.empty() || (name[0] != '/' && name[0] != '@') || name.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::copy(name.begin(), name.end(), std::begin(address.sun_path));
  if (name[0] == '@') address.sun_path[0] = '\0';  // an abstract name
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the interface of sockets
  ::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
           size);
  ::close(descriptor);
}

}  // namespace kiloword
