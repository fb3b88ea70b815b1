#pragma once

#include <string>

#include "kiloword/evaluation/evaluation.h"
#include "kiloword/evaluation/judged_image.h"

namespace kiloword {

/// The model and set that were evaluated, for the head of a report.
struct EvaluationSubject {
  std::string model;
  std::string set;
  std::string rank;           ///< the kind of confidence: "calibrated", "probability" or "cosine"
  double min_confidence = 0;  ///< the threshold used
};

/// One JSON object: the subject, counts, shares, classes, reliability, risk. Shares are rounded to four
/// decimals.
std::string evaluation_json(const EvaluationSubject& subject, const Evaluation& evaluation);

/// One JSON object for an image: path, class, label, truth and numbers.
std::string judged_image_json(const JudgedImage& image, const std::string& label);

enum class PlotFormat { kSvg, kPng };

/// An image file with a reliability diagram and a risk-coverage curve. Non-ASCII letters become "?" in a PNG
/// file.
std::string evaluation_plot(const EvaluationSubject& subject, const Evaluation& evaluation,
                            PlotFormat format);

}  // namespace kiloword
