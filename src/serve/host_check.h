#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// Whether `host`, from a Host header, is a loopback address, localhost, or empty.
bool is_loopback_host(std::string_view host);

/// Whether `origin` ("http://127.0.0.1:8421") is that of a page served by this server as `host`.
bool is_own_origin(std::string_view origin, std::string_view host);

/// Whether `given` equals `expected`, in time that depends only on the length of `given`.
bool equal_in_constant_time(std::string_view given, std::string_view expected);

}  // namespace kiloword
