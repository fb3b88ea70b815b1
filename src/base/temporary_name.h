#pragma once

#include <filesystem>
#include <string>

namespace kiloword {

/// Another name in the folder of `path` at each call, "NAME.kiloword-xxxxxxxx", the name cut where it would
/// become too long for a file system.
std::filesystem::path temporary_name(const std::filesystem::path& path);

/// Removes the temporary files in `folder` ("" is the current one) that no living process holds. Every folder
/// is looked at once in the life of a process.
void remove_left_temporaries(const std::filesystem::path& folder);

}  // namespace kiloword
