#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace kiloword {

/// Limits for fetching an image from a URL.
struct FetchLimits {
  uint64_t max_bytes = uint64_t{100} << 20;
  std::chrono::milliseconds connect{10000};
  std::chrono::milliseconds time{60000};  ///< total
  int redirects = 5;
  /// Whether to allow this machine and private networks, which untrusted URLs could exploit (SSRF).
  bool allow_private = false;
};

/// Downloads the image file at `url` with libcurl. Throws Error(kInput) if it cannot be downloaded within
/// `limits`, if the content type is not that of an image, if a redirect changes the scheme, and, unless
/// allow_private, if an address is loopback, link-local, private or otherwise not public (RFC 6890). The
/// check is on the address connected to, not on its name. No proxy is used unless allow_private.
std::string fetch_image(const std::string& url, const FetchLimits& limits);

}  // namespace kiloword
