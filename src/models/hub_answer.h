#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/http_session.h"
#include "models/retry.h"

namespace kiloword {

// Interprets a hub's responses. They are untrusted: anything unexpected is an error.

/// A file's metadata from the hub.
struct FileFacts {
  std::string commit;
  std::string blob_name;  ///< from the ETag: the hub's own are hashes of the content
  uint64_t size_bytes = 0;
};

/// The result of a request, after redirects.
struct HubAnswer {
  HttpResponse response;      ///< the last one
  bool from_hub = true;       ///< whether it came from the endpoint's host
  HttpResponse hub_response;  ///< the last one from there, which may be a redirect to another host
  std::string linked_etag;    ///< from any response of that host
  std::string linked_size;
  std::string commit;
};

/// The request, for error messages.
struct Asked {
  std::string place;            ///< the URL
  std::string repository_page;  ///< URL of the repository for people
  bool with_token = false;
};

bool is_redirect(int status);
bool is_web_page(const HttpResponse& response);
Error web_page_error(const std::string& place);

/// The Content-Length header; none if it is not a number.
std::optional<uint64_t> content_length(const HttpResponse& response);

/// The first byte and the total length in "bytes 5-9/10".
struct ContentRange {
  uint64_t first = 0;
  uint64_t whole_bytes = 0;
};
std::optional<ContentRange> parse_content_range(std::string_view text);

/// The metadata in a response's headers. Throws Error(kModel) at `place` if any is missing or invalid.
FileFacts read_facts(const HubAnswer& answer, const std::string& place);

/// A setback if the response is incomplete or its status is temporary, else none. Throws Error(kModel) if the
/// server cannot be trusted.
std::optional<Setback> setback_of(const HttpResponse& response, const std::string& place);

/// Throws the Error(kModel) for an unsuccessful response. `from_hub`: it is from the hub itself, not from the
/// host that stores files.
[[noreturn]] void throw_refusal(const HttpResponse& response, bool from_hub, const Asked& asked);

}  // namespace kiloword
