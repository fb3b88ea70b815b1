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

/// Whether the file `relative` of a folder is taken: by the filter, or as an archive whose members may be. Of
/// others, where no pattern leaves them out, `left_out` counts.
bool wants_file(const NameFilter& filter, const std::string& relative, LeftOutFiles& left_out);

}  // namespace kiloword
