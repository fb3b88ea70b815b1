#pragma once

#include <string_view>

#include "kiloword/decision/ranking.h"

namespace kiloword {

/// The rule called `name`: "calibrated", "probability" or "cosine". Throws Error(kUsage) for others.
RankRule rank_rule(std::string_view name);

}  // namespace kiloword
