#include "serve/request_target.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace kiloword {
namespace {

/// The byte of the escape "%XX" at the start of `text`, or -1.
int escaped_byte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return -1;
  unsigned byte = 0;
  const char* end = text.data() + 3;
  const auto [stopped, failed] = std::from_chars(text.data() + 1, end, byte, 16);
  return failed == std::errc() && stopped == end ? static_cast<int>(byte) : -1;
}

QueryFields parse_query(std::string_view query) {
  QueryFields fields;
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view field = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (field.empty()) continue;
    const size_t equals = std::min(field.find('='), field.size());
    const std::string_view value = field.substr(std::min(equals + 1, field.size()));
    fields.emplace_back(percent_decoded(field.substr(0, equals), true), percent_decoded(value, true));
  }
  return fields;
}

}  // namespace

std::string percent_decoded(std::string_view text, bool plus_is_blank) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const int byte = escaped_byte(text.substr(i, 3));
    if (byte >= 0) {
      decoded += static_cast<char>(byte);
      i += 2;
    } else {
      decoded += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

RequestTarget parse_request_target(std::string_view target) {
  RequestTarget parsed;
  const size_t scheme = target.find("://");
  if (!target.empty() && target.front() != '/' && scheme != std::string_view::npos) {
    target.remove_prefix(scheme + 3);
    const size_t end = std::min(target.find_first_of("/?"), target.size());
    parsed.authority = target.substr(0, end);
    target.remove_prefix(end);
  }
  const size_t mark = std::min(target.find('?'), target.size());
  parsed.path = percent_decoded(target.substr(0, mark), false);
  if (parsed.path.empty()) parsed.path = "/";
  parsed.query = parse_query(target.substr(std::min(mark + 1, target.size())));
  return parsed;
}

}  // namespace kiloword
