#pragma once

#include <cstddef>
#include <vector>

#include "kiloword/decision/calibration.h"
#include "kiloword/decision/ranking.h"

namespace kiloword {

/// Mean and deviation of each label's cosine over images, in one pass (Welford 1962).
class LabelMoments {
 public:
  explicit LabelMoments(size_t label_count) : means_(label_count), squares_(label_count) {}

  /// `cosines`: [L] of one image.
  void add(const std::vector<float>& cosines);
  size_t images() const { return images_; }
  const std::vector<double>& means() const { return means_; }
  /// Deviations of the population; those under 0.0001 count as 0.0001.
  std::vector<double> deviations() const;

 private:
  size_t images_ = 0;
  std::vector<double> means_;
  std::vector<double> squares_;
};

/// A hypernym of a judged statement, with its numbers from hedging_path().
struct JudgedHypernym {
  size_t label = 0;
  double cosine = 0.0;
  double probability = 0.0;
  double z = 0.0;  ///< of its best kind
  bool is_true = false;
};

/// The best statement of a set about one image whose truth is known; in a set with a tree the most specific
/// one.
struct JudgedStatement {
  size_t label = 0;
  double cosine = 0.0;
  double probability = 0.0;
  double z = 0.0;
  bool is_true = false;
  bool out_of_set = false;  ///< no label of the set fits the image, so any statement is false
  bool vetoed = false;      ///< a negative fits better, so the set abstains
  std::vector<JudgedHypernym> hypernyms = {};  ///< nearest first; may be selected instead
};

/// The constraints of a calibration's threshold on the images that it is fitted to.
struct CalibrationTargets {
  double precision = 0.8;        ///< minimum share of true statements among those selected
  double false_on_absent = 0.1;  ///< maximum false-positive rate on out-of-set images
  double least = 0.5;            ///< minimum threshold
};

/// Fits the weights and offsets of `calibration`, whose means and deviations are already set, to `statements`
/// by logistic regression with a small ridge and a prior on the offsets, without features whose weight would
/// be negative. The threshold is the smallest at which, with five-fold cross-validated confidences, Wilson's
/// lower bound (1927, one deviation) of the precision of selected statements is at least `precision`, and the
/// false-positive rate on out-of-set images at most `false_on_absent`; if none reaches the precision, it is
/// `precision` itself. Vetoed statements count only as out-of-set images without a statement.
///
/// The offset of a label without a true statement is lowered by two of the prior's deviations, since the
/// images that it is mistaken for are not among the examples. Hypernyms are examples like statements, with
/// their own offsets, and count for the threshold as they would be selected: instead of a statement whose
/// confidence is below it. Throws Error(kInput) for fewer than 40 statements that are not vetoed, or fewer
/// than 5 true or 5 false ones.
void fit_confidence(SetCalibration& calibration, const std::vector<JudgedStatement>& statements,
                    const CalibrationTargets& targets);

/// Without known truth: the confidence depends only on z, and is 0.5 at the median and 0.9 at the 90th
/// percentile of `best_z`, the best statements' z on unrelated images. The threshold is 0.9, so that a tenth
/// of such images gets a statement. Throws Error(kInput) for fewer than 40 values.
void fit_to_background(SetCalibration& calibration, std::vector<double> best_z);

}  // namespace kiloword
