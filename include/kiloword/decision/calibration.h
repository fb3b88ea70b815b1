#pragma once

#include <cstddef>
#include <vector>

namespace kiloword {

/// The calibration of a label set under one model: how its labels' cosines are spread over images that
/// have nothing to do with them, and how likely a statement is true.
///
/// The z-score z = (cosine - mean) / deviation removes the part of a label's cosine that all images have in
/// common; the confidence is the logistic function of
///   bias + logit_weight * logit(probability) + z_weight * z + cosine_weight * cosine + offset
/// (Platt 1999, with three features and an offset per label, since some labels are right far more often than
/// others with the same numbers). No weight is negative, so the confidence never decreases in a feature.
struct SetCalibration {
  std::vector<double> means;       // [L], of cosines over background images
  std::vector<double> deviations;  // [L], above 0
  std::vector<double> offsets;     // [L]
  double logit_weight = 0.0;
  double z_weight = 0.0;
  double cosine_weight = 0.0;
  double bias = 0.0;
  double min_confidence = 0.0;  ///< 0..1; statements below it are rejected unless the user sets another
};

/// (cosine - mean) / deviation of label `label`.
double z_score(const SetCalibration& calibration, size_t label, double cosine);

/// The confidence, 0..1, that `label` is true of an image with that cosine and probability (0..1).
double calibrated_confidence(const SetCalibration& calibration, size_t label, double cosine,
                             double probability);

/// The same for a label whose cosine and z-score `z` are those of one of its kinds.
double calibrated_confidence(const SetCalibration& calibration, size_t label, double z, double cosine,
                             double probability);

/// Whether a calibration can be used for a set of `label_count` labels: lengths, finite numbers, deviations
/// above 0, no negative weight, a threshold within 0..1.
bool is_sound(const SetCalibration& calibration, size_t label_count);

}  // namespace kiloword
