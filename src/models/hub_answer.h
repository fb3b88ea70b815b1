#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/http_session.h"
#include "models/retry.h"

namespace kiloword {

// What a hub's answers mean. Everything in them is foreign: what is not exactly as it should be is an error.

/// What the hub says of a file before it is fetched.
struct FileFacts {
  std::string commit;
  std::string blob_name;  ///< from the ETag: for the hub itself a hash of the content
  uint64_t size_bytes = 0;
};

/// What came of a request and the redirects behind it.
struct HubAnswer {
  HttpResponse response;      ///< the last one
  bool from_hub = true;       ///< whether the last one came from the endpoint's host
  HttpResponse hub_response;  ///< the last one from there, a redirect to another host included
  std::string linked_etag;    ///< of any answer from there
  std::string linked_size;
  std::string commit;
};

/// What was asked for, as errors tell it.
struct Asked {
  std::string place;            ///< the address
  std::string repository_page;  ///< where a person finds the repository
  bool with_token = false;
};

bool is_redirect(int status);
bool is_web_page(const HttpResponse& response);
Error web_page_error(const std::string& place);

/// The length that the header says; none where it says no number.
std::optional<uint64_t> content_length(const HttpResponse& response);

/// The first byte and the whole length that "bytes 5-9/10" speaks of.
struct ContentRange {
  uint64_t first = 0;
  uint64_t whole_bytes = 0;
};
std::optional<ContentRange> parse_content_range(std::string_view text);

/// The facts in the headers of an answer. Throws Error(kModel) where one of them is missing or not what it
/// should be; `place` is named.
FileFacts read_facts(const HubAnswer& answer, const std::string& place);

/// The setback where the answer did not come whole, or says that it may be another one later. Throws
/// Error(kModel) where no later one can be better.
std::optional<Setback> setback_of(const HttpResponse& response, const std::string& place);

/// Throws the Error(kModel) that an answer which is no success means; `from_hub`: not from the host that
/// stores files.
[[noreturn]] void throw_refusal(const HttpResponse& response, bool from_hub, const Asked& asked);

}  // namespace kiloword
