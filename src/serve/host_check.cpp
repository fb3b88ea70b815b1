#include "serve/host_check.h"

#include <string>

#include "kiloword/base/ascii.h"

namespace kiloword {

bool is_loopback_host(std::string_view host) {
  if (host.empty()) return true;
  const std::string_view name =
      host.front() == '[' ? host.substr(0, host.find(']') + 1) : host.substr(0, host.find(':'));
  const std::string lower = ascii_lower(name);
  if (lower == "localhost" || lower == "localhost." || lower == "[::1]") return true;
  return name.substr(0, 4) == "127." && name.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_own_origin(std::string_view origin, std::string_view host) {
  const size_t scheme = origin.find("://");
  return scheme != std::string_view::npos && origin.substr(scheme + 3) == host;
}

bool equal_in_constant_time(std::string_view given, std::string_view expected) {
  unsigned difference = given.size() == expected.size() ? 0 : 1;
  for (size_t i = 0; i < given.size(); ++i) {
    const char other = expected.empty() ? '\0' : expected[i % expected.size()];
    difference |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(other);
  }
  return difference == 0;
}

}  // namespace kiloword
