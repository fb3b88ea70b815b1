#pragma once

#include <cstdint>
#include <optional>

#include "clip/config.h"

namespace kiloword {

/// The image towers of MobileCLIP and MobileCLIP 2 that OpenCLIP takes from timm, whose shape the name
/// `timm_model_name` says; none for other names. Throws Error(kModel) for settings that go with none of them.
std::optional<VisionConfig> read_mobile_trunk(const ConfigReader& config, int64_t image_size);

/// Checks that the tower that `config` names pools by `pool`, and projects by its own last layer. Throws
/// Error(kModel).
void check_trunk_head(const ConfigReader& config, const std::string& pool);

}  // namespace kiloword
