#pragma once

#include <dirent.h>

#include <string>

#include "kiloword/batch/left_out.h"
#include "kiloword/batch/name_filter.h"

namespace kiloword {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

std::string with_slash(std::string path);

/// Whether to list the file `relative` of a folder: if the filter accepts it, or as an archive whose members
/// it may accept. `left_out` counts files that are skipped without a pattern.
bool wants_file(const NameFilter& filter, const std::string& relative, LeftOutFiles& left_out);

}  // namespace kiloword
