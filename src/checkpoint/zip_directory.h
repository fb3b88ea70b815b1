#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kiloword {

/// The members of a zip archive by name, as views of their bytes; none if compressed or encrypted.
using ZipMembers = std::map<std::string, std::optional<std::string_view>, std::less<>>;

/// Parses the zip archive `bytes` (APPNOTE 6.3.9, with zip64). Untrusted: every view lies within `bytes`.
/// Checksums are not verified. Throws Error(kModel) without `where` for a malformed archive and for duplicate
/// names.
ZipMembers parse_zip_directory(std::string_view bytes);

/// The bytes of the member `name`. PyTorch stores tensors uncompressed, so that they can be memory-mapped.
/// Throws Error(kModel) without `where` if the member is missing or compressed.
std::string_view stored_member(const ZipMembers& members, const std::string& name);

/// Whether `bytes` start like a zip archive.
bool looks_like_zip(std::string_view bytes);

}  // namespace kiloword
