#pragma once

#include <cstdint>
#include <optional>

#include "clip/config.h"

namespace kiloword {

/// The image tower in `config`, OpenCLIP's `vision_cfg`, if it is one of PE-Core's (`timm_model_name`
/// "vit_pe_core_base_patch16_224" and the like); otherwise none. `image_size`: that of `config`. Throws
/// Error(kModel) for unsupported settings of such a tower.
std::optional<VisionConfig> read_perception_trunk(const ConfigReader& config, int64_t image_size);

}  // namespace kiloword
