#include "kiloword/labels/calibration_fit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "kiloword/base/error.h"
#include "labels/logistic_fit.h"
#include "labels/logit.h"

namespace kiloword {
namespace {

constexpr size_t kLeastImages = 40;
constexpr size_t kLeastOfEach = 5;

/// The lower end of Wilson's score interval of one deviation for `hits` of `trials`.
double wilson_lower(double hits, double trials) {
  constexpr double kDeviations = 1.0;
  constexpr double kSquare = kDeviations * kDeviations;
  const double share = hits / trials;
  const double spread = std::sqrt(share * (1 - share) / trials + kSquare / (4 * trials * trials));
  return (share + kSquare / (2 * trials) - kDeviations * spread) / (1 + kSquare / trials);
}

/// A statement as the choice of the threshold sees it.
struct Outcome {
  double confidence = 0.0;
  bool is_true = false;
  bool absent = false;
};

/// `absent`: images that nothing fits, silenced ones included.
double choose_threshold(std::vector<Outcome> outcomes, double absent, const CalibrationTargets& targets) {
  std::sort(outcomes.begin(), outcomes.end(),
            [](const Outcome& a, const Outcome& b) { return a.confidence > b.confidence; });
  double precise = targets.precision;
  bool reached = false;
  double quiet = 1.0;
  double is_true = 0.0;
  double on_absent = 0.0;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    is_true += outcomes[i].is_true ? 1.0 : 0.0;
    on_absent += outcomes[i].absent ? 1.0 : 0.0;
    if (i + 1 < outcomes.size() && outcomes[i + 1].confidence == outcomes[i].confidence) continue;
    const bool low = on_absent <= targets.false_on_absent * absent;
    if (low) quiet = outcomes[i].confidence;
    if (low && wilson_lower(is_true, static_cast<double>(i + 1)) >= targets.precision) {
      precise = outcomes[i].confidence;
      reached = true;
    }
  }
  return std::max({targets.least, precise, reached ? 0.0 : quiet});
}

/// Fills in confidences by cross-validation: a fit is too sure of what it was fitted to, the more so with an
/// offset for each label. Parts are every fifth, so that pictures in order of their class fall into all.
void judge_by_others(const LogisticExamples& examples, std::vector<Outcome>& judged) {
  constexpr size_t kParts = 5;
  for (size_t part = 0; part < kParts; ++part) {
    LogisticExamples others;
    others.group_count = examples.group_count;
    for (size_t i = 0; i < judged.size(); ++i) {
      if (i % kParts == part) continue;
      others.rows.push_back(examples.rows[i]);
      others.groups.push_back(examples.groups[i]);
      others.outcomes.push_back(examples.outcomes[i]);
    }
    const LogisticFit fit = fit_logistic(others);
    for (size_t i = part; i < judged.size(); i += kParts)
      judged[i].confidence = fit.probability(examples.rows[i], examples.groups[i]);
  }
}

}  // namespace

void LabelMoments::add(const std::vector<float>& cosines) {
  if (cosines.size() != means_.size()) throw Error(ErrorKind::kInternal, "cosines of another label set");
  ++images_;
  for (size_t i = 0; i < cosines.size(); ++i) {
    const double before = cosines[i] - means_[i];
    means_[i] += before / static_cast<double>(images_);
    squares_[i] += before * (cosines[i] - means_[i]);
  }
}

std::vector<double> LabelMoments::deviations() const {
  constexpr double kLeast = 1e-4;
  std::vector<double> deviations;
  deviations.reserve(squares_.size());
  for (const double square : squares_) {
    deviations.push_back(
        std::max(kLeast, std::sqrt(square / std::max<double>(1.0, static_cast<double>(images_)))));
  }
  return deviations;
}

void fit_confidence(SetCalibration& calibration, const std::vector<JudgedStatement>& statements,
                    const CalibrationTargets& targets) {
  LogisticExamples examples;
  examples.group_count = calibration.means.size();
  std::vector<Outcome> judged;
  double absent = 0.0;
  for (const JudgedStatement& statement : statements) {
    absent += statement.absent ? 1.0 : 0.0;
    if (statement.silenced) continue;
    examples.rows.push_back({logit(statement.probability), statement.z, statement.cosine});
    examples.groups.push_back(statement.label);
    examples.outcomes.push_back(statement.is_true);
    judged.push_back({0.0, statement.is_true, statement.absent});
  }
  const size_t count = judged.size();
  const auto is_true =
      static_cast<size_t>(std::count(examples.outcomes.begin(), examples.outcomes.end(), true));
  if (count < kLeastImages || is_true < kLeastOfEach || count - is_true < kLeastOfEach) {
    throw Error(ErrorKind::kInput,
                "too little to learn from: " + std::to_string(count) + " images, the best label true of " +
                    std::to_string(is_true),
                "",
                "give at least 40, with 5 that the set gets right and 5 that it gets wrong or nothing fits");
  }
  LogisticFit fit = fit_logistic(examples);
  calibration.logit_weight = fit.weights[0];
  calibration.z_weight = fit.weights[1];
  calibration.cosine_weight = fit.weights[2];
  calibration.bias = fit.bias;
  calibration.offsets = std::move(fit.offsets);
  judge_by_others(examples, judged);
  calibration.min_confidence = choose_threshold(std::move(judged), absent, targets);
}

void fit_to_background(SetCalibration& calibration, std::vector<double> best_z) {
  constexpr double kSure = 0.9;
  constexpr double kLeastSpread = 1e-6;
  if (best_z.size() < kLeastImages) {
    throw Error(ErrorKind::kInput, "too little to learn from: " + std::to_string(best_z.size()) + " images",
                "", "give at least 40");
  }
  std::sort(best_z.begin(), best_z.end());
  const double middle = best_z[best_z.size() / 2];
  const double high = best_z[best_z.size() * 9 / 10];
  calibration.offsets.assign(calibration.means.size(), 0.0);
  calibration.logit_weight = 0.0;
  calibration.cosine_weight = 0.0;
  calibration.z_weight = logit(kSure) / std::max(high - middle, kLeastSpread);
  calibration.bias = -calibration.z_weight * middle;
  calibration.min_confidence = kSure;
}

}  // namespace kiloword
