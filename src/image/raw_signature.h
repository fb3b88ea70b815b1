#pragma once

#include <string_view>

namespace kiloword {

/// Whether a file that begins like a TIFF is a camera's raw file: it has a DNG version, one of its first
/// directories or their subdirectories contains samples of a colour filter array (TIFF/EP, DNG 1.4), or it is
/// marked as Canon CR2.
bool is_raw_tiff(std::string_view bytes);

}  // namespace kiloword
