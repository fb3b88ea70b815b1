#include "kiloword/decision/rank_rule.h"

#include <string>

#include "kiloword/base/error.h"

namespace kiloword {

RankRule rank_rule(std::string_view name) {
  if (name == "calibrated") return RankRule::kCalibrated;
  if (name == "probability") return RankRule::kProbability;
  if (name == "cosine") return RankRule::kCosine;
  throw Error(ErrorKind::kUsage, "unknown rule \"" + std::string(name) + "\"", "--rank",
              "use calibrated, probability or cosine");
}

}  // namespace kiloword
