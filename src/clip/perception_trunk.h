#pragma once

#include <cstdint>
#include <optional>

#include "clip/config.h"

namespace kiloword {

/// The image tower that `config`, OpenCLIP's `vision_cfg`, names, if it is one of PE-Core's
/// (`timm_model_name` "vit_pe_core_base_patch16_224" and the like). `image_size`: of `config`. Throws
/// Error(kModel) for such a tower with settings that are not supported.
std::optional<VisionConfig> read_perception_trunk(const ConfigReader& config, int64_t image_size);

}  // namespace kiloword
