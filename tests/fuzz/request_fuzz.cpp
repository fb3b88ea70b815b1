// Requests of the server, from the body on: raw, form, JSON and chat. The first line of an input is the
// Content-Type, the second the query, as it stands in a request line.

#include <cstddef>
#include <cstdint>
#include <string>

#include "kiloword/base/error.h"
#include "kiloword/serve/request.h"
#include "serve/request_target.h"

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
  request.query = kiloword::parse_request_target("/?" + take_until('\n')).query;
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
