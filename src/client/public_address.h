#pragma once

#include <sys/socket.h>

namespace kiloword {

/// Whether the IPv4 or IPv6 `address` is on the public internet: not loopback, private, shared, link-local,
/// documentation, benchmarking, multicast or reserved (RFC 6890 and its registries). An IPv6 address that
/// embeds an IPv4 address (mapped, 6to4, NAT64) is public if that one is.
bool is_public_address(const sockaddr* address);

}  // namespace kiloword
