#pragma once

#include <string>
#include <vector>

namespace kiloword::cli {

/// Example command lines for the command `path` ("kiloword labels show").
std::vector<std::string> examples_of(const std::string& path);

}  // namespace kiloword::cli
