#pragma once

#include <string>
#include <string_view>

#include "kiloword/serve/request.h"

namespace kiloword {

/// What a request line asks for.
struct RequestTarget {
  std::string path;       ///< percent-decoded
  QueryFields query;      ///< decoded
  std::string authority;  ///< of the absolute form, which counts more than the Host header; else empty
};

/// A target in origin form ("/v1/caption?top_k=2") or absolute form ("http://localhost/v1/caption"), by RFC
/// 9112, section 3.2. What is neither becomes a path that nothing has.
RequestTarget parse_request_target(std::string_view target);

/// `text` with each %XX replaced by its byte, and `+` by a blank where `plus_is_blank`; a malformed escape
/// stays.
std::string percent_decoded(std::string_view text, bool plus_is_blank);

}  // namespace kiloword
