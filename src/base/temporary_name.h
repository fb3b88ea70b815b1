#pragma once

#include <filesystem>
#include <string>

namespace kiloword {

/// A random name in the folder of `path`, "NAME.kiloword-xxxxxxxx", different on each call. NAME is truncated
/// to fit the file system's limit.
std::filesystem::path temporary_name(const std::filesystem::path& path);

}  // namespace kiloword
