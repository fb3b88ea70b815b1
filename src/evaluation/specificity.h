#pragma once

#include <vector>

#include "kiloword/evaluation/evaluation.h"

namespace kiloword {

/// Evaluation::specificity of `images`. An image on which a gate or a negative vetoes the statement counts as
/// an abstention.
std::vector<SpecificityPoint> specificity_curve(const std::vector<JudgedImage>& images);

}  // namespace kiloword
