#pragma once

#include <filesystem>

#include "kiloword/image/preprocess_spec.h"

namespace kiloword {

/// What `path` (`preprocessor_config.json`) says about pictures for a network that sees `image_size` pixels a
/// side; CLIP's usual values where the file or a key is absent. Throws Error(kModel) for values that cannot
/// be, and for a picture of another size than the network's.
PreprocessSpec read_preprocessor_config(const std::filesystem::path& path, int image_size);

}  // namespace kiloword
