#pragma once

#include <string>
#include <string_view>

#include "kiloword/serve/request.h"

namespace kiloword {

/// The target of a request line.
struct RequestTarget {
  std::string path;       ///< percent-decoded
  QueryFields query;      ///< decoded
  std::string authority;  ///< of the absolute form, which overrides the Host header; else empty
};

/// A target in origin form ("/v1/caption?top_k=2") or absolute form ("http://localhost/v1/caption"), by RFC
/// 9112, section 3.2. Anything else becomes a path that does not exist.
RequestTarget parse_request_target(std::string_view target);

/// `text` with each %XX replaced by its byte and, if `plus_is_blank`, `+` by a space; malformed escapes are
/// kept.
std::string percent_decoded(std::string_view text, bool plus_is_blank);

}  // namespace kiloword
