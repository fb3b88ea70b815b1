#pragma once

#include <string_view>

namespace kiloword {

/// Whether a file that begins like a TIFF is a camera's raw file: it states a version of DNG, or one of its
/// first directories, or of theirs, holds the samples of a colour filter array (TIFF/EP, DNG 1.4), or it is
/// marked as Canon's CR2.
bool is_raw_tiff(std::string_view bytes);

}  // namespace kiloword
