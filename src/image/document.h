#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kiloword/image/decode.h"

namespace kiloword {

/// Files that are drawn before they are pixels, by programs of their own (`rsvg-convert`, `pdftoppm`), which
/// run within bounds and read nothing but the file.
enum class DocumentKind { kSvg, kPdf };

/// Nothing for what is no document. Of `start`, the first kSignatureBytes of a longer file, it tells what
/// may be one.
std::optional<DocumentKind> document_kind(std::string_view bytes);

/// The drawing, or page `limits.page` of the PDF, as a PNG or PPM file whose longer side has 1024 pixels
/// (fewer where `limits` has it so). Throws Error(kInput) where the program is missing, refuses the file, or
/// takes too long.
std::string render_document(DocumentKind kind, std::string_view bytes, const DecodeLimits& limits);

}  // namespace kiloword
