#pragma once

#include <optional>
#include <string>

namespace kiloword {

/// A stream socket that listens already, from whoever started this process.
struct InheritedSocket {
  int descriptor = -1;
  bool is_unix = false;  ///< else of IPv4 or IPv6
};

/// The socket that systemd or a program like it has opened (sd_listen_fds(3): LISTEN_PID and LISTEN_FDS);
/// none where they are not for this process. Takes both out of the environment, and so is called before
/// there are threads. Throws Error(kUsage) unless it is one listening stream socket.
std::optional<InheritedSocket> inherited_socket();

/// Notifies the service manager of `state`, for example "READY=1" (sd_notify(3)): a datagram to the socket
/// that NOTIFY_SOCKET names. Where there is none, or nobody reads it, nothing happens.
void notify_service_manager(const std::string& state);

}  // namespace kiloword
