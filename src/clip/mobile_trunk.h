#pragma once

#include <cstdint>
#include <optional>

#include "clip/config.h"

namespace kiloword {

/// The configuration of an image tower of MobileCLIP or MobileCLIP 2 that OpenCLIP takes from timm, whose
/// name in `timm_model_name` determines its shape; none for other names. Throws Error(kModel) for unsupported
/// settings.
std::optional<VisionConfig> read_mobile_trunk(const ConfigReader& config, int64_t image_size);

/// Checks that the tower in `config` pools by `pool` and that its own last layer is the projection. Throws
/// Error(kModel).
void check_trunk_head(const ConfigReader& config, const std::string& pool);

}  // namespace kiloword
