#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "clip/config.h"
#include "kiloword/checkpoint/config_reader.h"
#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// Reads three numbers of at least `low` at `key`, if it is there. Throws Error(kModel).
void read_channels(const ConfigReader& config, const std::string& key, double low,
                   std::array<float, 3>& into);

/// What `path` (`preprocessor_config.json`) says about pictures for a network that sees `image_size` pixels a
/// side; the usual values of `family` where the file or a key is absent. Throws Error(kModel) for values that
/// cannot be, and for a picture of another size than the network's.
PreprocessSpec read_preprocessor_config(const std::filesystem::path& path, int image_size, ClipFamily family);

}  // namespace kiloword
