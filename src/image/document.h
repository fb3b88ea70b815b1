#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kiloword/image/decode.h"

namespace kiloword {

/// Files that external programs (`rsvg-convert`, `pdftoppm`) render to pixels, within resource limits
/// and with access to the file only.
enum class DocumentKind { kSvg, kPdf };

/// The kind of the document `bytes`; none if it is not one. From only the first kSignatureBytes of a longer
/// file, returns what it may be.
std::optional<DocumentKind> document_kind(std::string_view bytes);

/// The drawing, or page `limits.page` of the PDF, as a PNG or PPM file whose longer side has 1024 pixels
/// (fewer if `limits` require it). Throws Error(kInput) if the program is missing, rejects the file, or takes
/// too long.
std::string render_document(DocumentKind kind, std::string_view bytes, const DecodeLimits& limits);

}  // namespace kiloword
