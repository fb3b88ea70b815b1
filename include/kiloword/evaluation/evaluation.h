#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "kiloword/evaluation/judged_image.h"

namespace kiloword {

/// The images of one class.
struct ClassAccuracy {
  std::string class_name;
  bool out_of_set = false;
  size_t images = 0;
  size_t top1 = 0;           ///< the best label is true
  size_t top5 = 0;           ///< a true label is among the best five
  size_t said = 0;           ///< a statement is selected
  size_t said_true = 0;      ///< of these, it is true
  std::string mistaken_for;  ///< the most frequent false best label, of equals the first; empty: none
};

/// Statements, selected or not, whose confidence lies in [lower, lower + 0.1), the last bin with 1.
struct ReliabilityBin {
  double lower = 0.0;
  size_t images = 0;
  double mean_confidence = 0.0;
  double true_share = 0.0;
};
constexpr size_t kReliabilityBins = 10;

/// At coverage `coverage`, the share of images with the highest confidence, `risk` is the share of false
/// statements among these (El-Yaniv and Wiener 2010).
struct RiskPoint {
  double coverage = 0.0;
  double risk = 0.0;
  double confidence = 0.0;  ///< the threshold that gives this coverage
};

/// Outcomes of a set with hypernyms at one threshold, as shares of all images: the trade-off of accuracy and
/// specificity (Deng et al. 2012).
struct SpecificityPoint {
  double confidence = 0.0;  ///< the threshold
  double exact = 0.0;       ///< the true label is selected
  double hypernym = 0.0;    ///< a hypernym of it is selected
  double wrong = 0.0;       ///< a false label is selected
  /// Mean over all images of LabelTree::information of the statement if it is true, else 0.
  double information = 0.0;

  double coverage() const { return exact + hypernym + wrong; }
};

/// The performance of a set on images of known classes. Shares are 0..1.
struct Evaluation {
  size_t images = 0;      ///< all that could be read
  size_t out_of_set = 0;  ///< of these, images that no label of the set fits
  size_t failed = 0;      ///< images that could not be read, counted nowhere else
  size_t top1 = 0;
  size_t top5 = 0;
  size_t said = 0;                     ///< statements selected
  size_t said_true = 0;                ///< of these, true ones
  size_t said_out_of_set = 0;          ///< of these, about out-of-set images
  std::vector<ClassAccuracy> classes;  ///< by name, out-of-set ones last
  std::array<ReliabilityBin, kReliabilityBins> reliability{};
  /// Mean distance of confidence and share of true statements over the bins, weighted by images (ECE, Naeini
  /// et al. 2015).
  double calibration_error = 0.0;
  std::vector<RiskPoint> risk;  ///< by coverage; at most 200 points; images of equal confidence are one step
  double risk_area = 0.0;       ///< mean risk over all coverages (AURC); lower is better
  size_t said_hypernyms = 0;    ///< of the true statements, hypernyms of the true label
  /// By falling threshold, at most 200 points; empty for a set without hypernyms.
  std::vector<SpecificityPoint> specificity;

  size_t present() const { return images - out_of_set; }
};

/// The metrics of `images`; `label_names` are those of the set.
Evaluation evaluate(const std::vector<JudgedImage>& images, const std::vector<std::string>& label_names);

}  // namespace kiloword
