#pragma once

#include <filesystem>
#include <string>

namespace kiloword {

/// Another name in the folder of `path` at each call, "NAME.kiloword-xxxxxxxx", the name cut where it would
/// become too long for a file system.
std::filesystem::path temporary_name(const std::filesystem::path& path);

}  // namespace kiloword
