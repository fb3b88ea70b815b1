#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// A part of a form.
struct FormPart {
  std::string name;
  std::string filename;      ///< empty: not given
  std::string_view content;  ///< view into the parsed body
};

/// The parts of a `multipart/form-data` body (RFC 7578), at most `max_parts`. Throws Error(kUsage).
std::vector<FormPart> parse_multipart(std::string_view content_type, std::string_view body, size_t max_parts);

}  // namespace kiloword
