#include <algorithm>

#include "image/document.h"
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

bool is_svg(std::string_view bytes) {
  const std::string_view text = without_mark_and_space(bytes.substr(0, kSvgSearchBytes));
  if (begins_with(text, "<svg")) return true;
  const bool is_xml =
      begins_with(text, "<?xml") || begins_with(text, "<!--") || begins_with(text, "<!DOCTYPE svg");
  return is_xml && (bytes.size() <= kSignatureBytes || text.find("<svg") != std::string_view::npos);
}

}  // namespace

std::optional<DocumentKind> document_kind(std::string_view bytes) {
  if (begins_with(bytes, "%PDF-")) return DocumentKind::kPdf;
  if (is_svg(bytes)) return DocumentKind::kSvg;
  return std::nullopt;
}

}  // namespace kiloword
