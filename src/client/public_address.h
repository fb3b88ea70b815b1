#pragma once

#include <sys/socket.h>

namespace kiloword {

/// Whether `address`, of IPv4 or IPv6, is of the public internet: not loopback, private, shared, link-local,
/// documentation, benchmarking, multicast or reserved (RFC 6890 and its registries); of an IPv6 address that
/// carries an IPv4 one (mapped, 6to4, NAT64), the latter too.
bool is_public_address(const sockaddr* address);

}  // namespace kiloword
