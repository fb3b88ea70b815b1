#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "clip/config.h"
#include "kiloword/checkpoint/config_reader.h"
#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// Reads three numbers of at least `low`, or one for all three, at `key`, if it exists. Throws Error(kModel).
void read_channels(const ConfigReader& config, const std::string& key, double low,
                   std::array<float, 3>& into);

/// Reads the preprocessing of images in `folder` for a network of input size `image_size` px, as transformers
/// does: `image_processor` of processor_config.json, else preprocessor_config.json. Without these files, uses
/// the defaults of `family`; for missing keys, those of the processor class in the file. Throws Error(kModel)
/// for invalid or unsupported values, and for another image size than the network's.
PreprocessSpec read_image_processor(const std::filesystem::path& folder, int image_size, ClipFamily family);

/// The same for a NaFlex network with patches of `patch_size` pixels, whose processor is
/// Siglip2ImageProcessor.
PreprocessSpec read_naflex_processor(const std::filesystem::path& folder, int patch_size);

}  // namespace kiloword
