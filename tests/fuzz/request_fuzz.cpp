// Requests of the server, from the body on: raw, form, JSON and chat. The first line of an input is the
// Content-Type, the second the query, as `name=value&name=value`.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/serve/request.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string rest(reinterpret_cast<const char*>(data), size);
  const auto take_until = [&rest](char end) {
    const size_t at = rest.find(end);
    std::string taken = rest.substr(0, at);
    rest.erase(0, at == std::string::npos ? at : at + 1);
    return taken;
  };
  kiloword::RequestBody request;
  request.content_type = take_until('\n');
  std::string query = take_until('\n');
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string pair = query.substr(0, end);
    query.erase(0, end + 1);
    const size_t equals = std::min(pair.find('='), pair.size());
    request.query.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
  request.body = rest;
  const kiloword::RequestLimits limits;
  const auto tolerate = [](auto parse) {
    try {
      parse();
    } catch (const kiloword::Error& error) {
      if (error.kind() != kiloword::ErrorKind::kUsage) __builtin_trap();
    }
  };
  tolerate([&] { kiloword::parse_caption_request(kiloword::RequestBody(request), {}, limits); });
  tolerate([&] { kiloword::parse_describe_request(kiloword::RequestBody(request), limits); });
  tolerate([&] { kiloword::parse_chat_request(kiloword::RequestBody(request), limits); });
  return 0;
}
