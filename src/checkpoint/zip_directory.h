#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kiloword {

/// The members of a zip archive by name: views of their bytes; none where they are compressed or encrypted.
using ZipMembers = std::map<std::string, std::optional<std::string_view>, std::less<>>;

/// The members of the zip archive `bytes` (APPNOTE 6.3.9, with zip64). The archive is taken as hostile: every
/// view lies inside it. Checksums are not compared. Throws Error(kModel) without a place for an archive that
/// is ill-formed or has a name twice.
ZipMembers parse_zip_directory(std::string_view bytes);

/// The bytes of the member `name`, which PyTorch stores as they are where they are tensors, so that they can
/// be mapped. Throws Error(kModel) without a place where it is absent or compressed.
std::string_view stored_member(const ZipMembers& members, const std::string& name);

/// Whether `bytes` begin like a zip archive.
bool looks_like_zip(std::string_view bytes);

}  // namespace kiloword
