#include <algorithm>
#include <string>

#include "image/document.h"
#include "image/inflate.h"
#include "kiloword/image/probe.h"

namespace kiloword {
namespace {

constexpr size_t kSvgSearchBytes = size_t{64} << 10;  // declarations and comments come before the root

bool begins_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

std::string_view without_mark_and_space(std::string_view text) {
  if (begins_with(text, "\xEF\xBB\xBF")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

/// The ASCII characters of a text in UTF-16 with its mark, which are all that tells an SVG; else `bytes`.
std::string as_ascii(std::string_view bytes) {
  const bool little = begins_with(bytes, "\xFF\xFE");
  if (!little && !begins_with(bytes, "\xFE\xFF")) return std::string(bytes);
  std::string text;
  for (size_t i = little ? 2 : 3; i < bytes.size(); i += 2) text.push_back(bytes[i]);
  return text;
}

/// Where an element called svg begins, with a prefix or without one.
size_t find_svg_element(std::string_view text) {
  constexpr size_t kMaxPrefixBytes = 64;
  constexpr std::string_view kEnds = " \t\r\n<>/=\"'";
  for (size_t at = 0; (at = text.find("svg", at)) != std::string_view::npos; ++at) {
    const size_t from = at - std::min(at, kMaxPrefixBytes);
    const std::string_view before = text.substr(from, at - from);
    const size_t tag = before.rfind('<');
    if (tag == std::string_view::npos) continue;
    const std::string_view prefix = before.substr(tag + 1);
    const bool is_prefix =
        !prefix.empty() && prefix.back() == ':' && prefix.find_first_of(kEnds) == std::string_view::npos;
    if (prefix.empty() || is_prefix) return from + tag;
  }
  return std::string_view::npos;
}

bool is_svg(std::string_view bytes) {
  const bool is_packed = begins_with(bytes, "\x1F\x8B\x08");
  const std::string read = is_packed ? gzip_start(bytes.substr(0, kSvgSearchBytes), kSvgSearchBytes)
                                     : as_ascii(bytes.substr(0, kSvgSearchBytes));
  const std::string_view text = without_mark_and_space(read);
  if (text.empty() || text.front() != '<') return false;
  const size_t element = find_svg_element(text);
  if (element == 0) return true;
  const bool is_xml =
      begins_with(text, "<?xml") || begins_with(text, "<!--") || begins_with(text, "<!DOCTYPE svg");
  return is_xml && (bytes.size() <= kSignatureBytes || element != std::string_view::npos);
}

}  // namespace

std::optional<DocumentKind> document_kind(std::string_view bytes) {
  if (begins_with(bytes, "%PDF-")) return DocumentKind::kPdf;
  if (is_svg(bytes)) return DocumentKind::kSvg;
  return std::nullopt;
}

}  // namespace kiloword
