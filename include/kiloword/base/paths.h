#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kiloword {

/// The installed (or build-tree) folder that holds `labels/` and `models/`: `share/kiloword` below the prefix
/// of the program or of libkiloword.so, or the folder that the environment variable KILOWORD_DATA names.
std::filesystem::path data_directory();

/// The folder of the program's plug-ins and engine: `lib/kiloword` below the same prefix.
std::filesystem::path plugin_directory();

/// The folder for caches: `$XDG_CACHE_HOME/kiloword`, else `~/.cache/kiloword` (XDG base directory
/// specification, which has relative values ignored). Empty if neither is available.
std::filesystem::path cache_directory();

/// The folder for the user's data: `$XDG_DATA_HOME/kiloword`, else `~/.local/share/kiloword`. Empty if
/// neither is available.
std::filesystem::path user_data_directory();

/// The folder for the user's configuration: `$XDG_CONFIG_HOME/kiloword`, else `~/.config/kiloword`. Empty if
/// neither is available.
std::filesystem::path user_configuration_directory();

/// Candidate paths of the weights of the image tower `name` ("efficientnet-lite0"), which no model includes,
/// first choice first: `towers/NAME/NAME.pth` in the user's folder and in the installed one.
std::vector<std::filesystem::path> image_tower_files(const std::string& name);

}  // namespace kiloword
