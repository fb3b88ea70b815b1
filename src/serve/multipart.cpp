#include "serve/multipart.h"

#include <algorithm>

#include "kiloword/base/ascii.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

constexpr size_t kMaxPartHeadBytes = 4096;
constexpr size_t kMaxBoundaryBytes = 70;  // RFC 2046, 5.1.1

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::kUsage, "malformed form: " + what, "", "send multipart/form-data as curl -F does");
}

/// The value of `; NAME=value` or `; NAME="value"` in a header's value; empty where there is none.
std::string parameter(std::string_view header, const std::string& name) {
  const std::string folded = ascii_lower(header);
  for (size_t at = folded.find(name + "="); at != std::string::npos; at = folded.find(name + "=", at + 1)) {
    if (at == 0 || (folded[at - 1] != ';' && folded[at - 1] != ' ' && folded[at - 1] != '\t')) continue;
    std::string_view rest = header.substr(at + name.size() + 1);
    if (rest.empty() || rest.front() != '"') return std::string(rest.substr(0, rest.find_first_of("; \t")));
    std::string value;
    for (size_t i = 1; i < rest.size() && rest[i] != '"'; ++i) {
      if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\')) ++i;
      value += rest[i];
    }
    return value;
  }
  return "";
}

/// The part's name and file name from its head: lines that end in CR LF.
FormPart read_head(std::string_view head) {
  FormPart part;
  constexpr std::string_view kField = "content-disposition:";
  while (!head.empty()) {
    const size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    if (ascii_lower(line.substr(0, kField.size())) != kField) continue;
    part.name = parameter(line, "name");
    part.filename = parameter(line, "filename");
  }
  if (part.name.empty()) refuse("a part has no name");
  return part;
}

}  // namespace

std::vector<FormPart> parse_multipart(std::string_view content_type, std::string_view body,
                                      size_t max_parts) {
  const std::string boundary = parameter(content_type, "boundary");
  if (boundary.empty() || boundary.size() > kMaxBoundaryBytes) refuse("no boundary");
  const std::string first = "--" + boundary;
  const std::string next = "\r\n" + first;
  std::vector<FormPart> parts;
  size_t at = body.substr(0, first.size()) == first ? first.size() : body.find(next);
  if (at == std::string_view::npos) refuse("its boundary does not come");
  if (at != first.size()) at += next.size();
  while (body.substr(at, 2) != "--") {
    if (body.substr(at, 2) != "\r\n") refuse("a boundary is cut off");
    at += 2;
    const size_t head_end = body.substr(at, kMaxPartHeadBytes).find("\r\n\r\n");
    if (head_end == std::string_view::npos) refuse("a part's head does not end");
    if (parts.size() == max_parts) refuse("more than " + std::to_string(max_parts) + " parts");
    FormPart part = read_head(body.substr(at, head_end));
    at += head_end + 4;
    const size_t end = body.find(next, at - 2);  // an empty part's own line break may be the boundary's
    if (end == std::string_view::npos) refuse("the last boundary does not come");
    part.content = end < at ? std::string_view() : body.substr(at, end - at);
    parts.push_back(std::move(part));
    at = end + next.size();
  }
  return parts;
}

}  // namespace kiloword
