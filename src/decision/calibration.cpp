#include "kiloword/decision/calibration.h"

#include <algorithm>
#include <cmath>

#include "decision/logit.h"

namespace kiloword {

double z_score(const SetCalibration& calibration, size_t label, double cosine) {
  return (cosine - calibration.means[label]) / calibration.deviations[label];
}

double calibrated_confidence(const SetCalibration& calibration, size_t label, double cosine,
                             double probability) {
  return calibrated_confidence(calibration, label, z_score(calibration, label, cosine), cosine, probability);
}

double calibrated_confidence(const SetCalibration& calibration, size_t label, double z, double cosine,
                             double probability) {
  return logistic(calibration.bias + calibration.logit_weight * logit(probability) +
                  calibration.z_weight * z + calibration.cosine_weight * cosine + calibration.offsets[label]);
}

bool is_sound(const SetCalibration& calibration, size_t label_count) {
  const auto finite = [](double value) { return std::isfinite(value); };
  const auto weight = [](double value) { return std::isfinite(value) && value >= 0; };
  return calibration.means.size() == label_count && calibration.deviations.size() == label_count &&
         calibration.offsets.size() == label_count &&
         std::all_of(calibration.means.begin(), calibration.means.end(), finite) &&
         std::all_of(calibration.offsets.begin(), calibration.offsets.end(), finite) &&
         std::all_of(calibration.deviations.begin(), calibration.deviations.end(),
                     [](double value) { return std::isfinite(value) && value > 0; }) &&
         weight(calibration.logit_weight) && weight(calibration.z_weight) &&
         weight(calibration.cosine_weight) && finite(calibration.bias) && calibration.min_confidence >= 0 &&
         calibration.min_confidence <= 1;
}

}  // namespace kiloword
