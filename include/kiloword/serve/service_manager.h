#pragma once

#include <optional>
#include <string>

namespace kiloword {

/// A listening stream socket inherited from the parent process.
struct InheritedSocket {
  int descriptor = -1;
  bool is_unix = false;  ///< else IPv4 or IPv6
};

/// The socket passed by systemd or a similar program (sd_listen_fds(3): LISTEN_PID and LISTEN_FDS); none if
/// these variables are not for this process. Removes both from the environment, so call it before starting
/// threads. Throws Error(kUsage) unless there is exactly one listening stream socket.
std::optional<InheritedSocket> inherited_socket();

/// Notifies the service manager of `state`, for example "READY=1" (sd_notify(3)): sends a datagram to the
/// socket that NOTIFY_SOCKET names. Does nothing if there is none, or nobody reads it.
void notify_service_manager(const std::string& state);

}  // namespace kiloword
