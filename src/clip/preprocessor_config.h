#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "clip/config.h"
#include "kiloword/checkpoint/config_reader.h"
#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// Reads three numbers of at least `low`, or one for all three, at `key`, if it is there. Throws
/// Error(kModel).
void read_channels(const ConfigReader& config, const std::string& key, double low,
                   std::array<float, 3>& into);

/// What `folder` says about pictures for a network that sees `image_size` pixels a side, as transformers
/// reads it: `image_processor` of processor_config.json, else preprocessor_config.json. Where neither is
/// there the usual values of `family`, where a key is absent those of the processor that the file names.
/// Throws Error(kModel) for values that cannot be or are not supported, and for a picture of another size
/// than the network's.
PreprocessSpec read_image_processor(const std::filesystem::path& folder, int image_size, ClipFamily family);

/// The same of a NaFlex network with patches of `patch_size` pixels, whose processor is
/// Siglip2ImageProcessor.
PreprocessSpec read_naflex_processor(const std::filesystem::path& folder, int patch_size);

}  // namespace kiloword
