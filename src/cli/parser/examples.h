#pragma once

#include <string>
#include <vector>

namespace kiloword::cli {

/// Command lines that show the command `path` ("kiloword labels show") at work.
std::vector<std::string> examples_of(const std::string& path);

}  // namespace kiloword::cli
