#pragma once

#include <filesystem>

#include "clip/config.h"
#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// Reads OpenCLIP's `open_clip_config.json`: its ViT and ResNet image towers with its own text tower, and
/// timm's image towers of SigLIP, `vit_*_siglip_*`, and of MobileCLIP, `fastvit_mci*` and others; with a
/// `multimodal_cfg`, CoCa. Throws Error(kModel) that names file and key for missing, out-of-range or
/// inconsistent values, and for unsupported towers and settings.
ClipConfig read_open_clip_config(const std::filesystem::path& path);

/// Reads the same file's `preprocess_cfg` for images of `image_size` x `image_size` pixels; missing keys have
/// OpenAI's values. Throws Error(kModel).
PreprocessSpec read_open_clip_preprocessing(const std::filesystem::path& path, int image_size);

}  // namespace kiloword
