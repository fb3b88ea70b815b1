#pragma once

#include <string>

namespace kiloword {

/// The text file beside the image `image`: IMAGE.txt.
std::string sidecar_path(const std::string& image);

/// Writes `text` to the sidecar `path`, in one step and through no symbolic link. Returns false when there is
/// one already, which is kept unless `overwrite` (a link is replaced then, not followed). Throws
/// Error(kOutput) when it cannot be written, or something else than a file has that name.
bool write_sidecar(const std::string& path, const std::string& text, bool overwrite);

}  // namespace kiloword
