#pragma once

#include <vector>

#include "kiloword/evaluation/evaluation.h"

namespace kiloword {

/// Evaluation::specificity of `images`. An image that a gate or a negative silences counts as one about which
/// nothing is said.
std::vector<SpecificityPoint> specificity_curve(const std::vector<JudgedImage>& images);

}  // namespace kiloword
