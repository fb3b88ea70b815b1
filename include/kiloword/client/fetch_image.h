#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace kiloword {

/// Limits of fetching an image from a user's address.
struct FetchLimits {
  uint64_t max_bytes = uint64_t{100} << 20;
  std::chrono::milliseconds connect{10000};
  std::chrono::milliseconds time{60000};  ///< in all
  int redirects = 5;
  /// Whether this machine and the networks around it may be contacted, which addresses of strangers could
  /// exploit.
  bool allow_private = false;
};

/// The image file at `url`, by libcurl. Throws Error(kInput) where it cannot be had within `limits`, where
/// the content type is not an image's, where a redirect leads to another scheme, and where an address is
/// loopback, link-local, private or otherwise not of the public internet (RFC 6890) unless that is allowed:
/// the check is on the address connected to, not on its name. No proxy is used unless private
/// addresses are allowed.
std::string fetch_image(const std::string& url, const FetchLimits& limits);

}  // namespace kiloword
