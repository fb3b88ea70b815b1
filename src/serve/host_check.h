#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// Whether `host`, of a Host header, is this machine by address or as localhost (or empty).
bool is_loopback_host(std::string_view host);

/// Whether `origin` ("http://127.0.0.1:8421") is the page that this server itself sent to `host`.
bool is_own_origin(std::string_view origin, std::string_view host);

/// Whether `given` is `expected`, in a time that depends on nothing but the length of `given`.
bool equal_in_constant_time(std::string_view given, std::string_view expected);

}  // namespace kiloword
