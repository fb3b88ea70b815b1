#pragma once

#include <filesystem>

#include "clip/config.h"
#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// Reads OpenCLIP's `open_clip_config.json`: its ViT and ResNet image towers with its own text tower, and
/// timm's image towers of SigLIP, `vit_*_siglip_*`, and of MobileCLIP, `fastvit_mci*` and others; with a
/// `multimodal_cfg`, CoCa's two towers. Throws Error(kModel) that names file and key for values that are
/// missing, out of range or at odds with each other, and for kinds of towers and settings that are not
/// supported.
ClipConfig read_open_clip_config(const std::filesystem::path& path);

/// What the same file's `preprocess_cfg` says about pictures of `image_size` pixels a side; OpenAI's values
/// where a key is absent. Throws Error(kModel).
PreprocessSpec read_open_clip_preprocessing(const std::filesystem::path& path, int image_size);

}  // namespace kiloword
