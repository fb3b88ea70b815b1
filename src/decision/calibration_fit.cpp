#include "kiloword/decision/calibration_fit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "decision/logistic_fit.h"
#include "decision/logit.h"
#include "kiloword/base/error.h"

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

/// A name as the choice of the threshold sees it.
struct NameOutcome {
  double confidence = 0.0;
  bool is_true = false;
};

/// A statement, likewise: the most specific name first, then its hypernyms.
struct Outcome {
  std::vector<NameOutcome> names;
  bool out_of_set = false;
};

/// The names of all statements in the order in which a falling threshold lets them pass.
class FallingThreshold {
 public:
  explicit FallingThreshold(const std::vector<Outcome>& outcomes)
      : outcomes_(outcomes), said_(outcomes.size(), kNothing) {
    for (size_t i = 0; i < outcomes.size(); ++i) {
      for (size_t name = 0; name < outcomes[i].names.size(); ++name)
        steps_.push_back({outcomes[i].names[name].confidence, i, name});
    }
    std::sort(steps_.begin(), steps_.end(),
              [](const Step& a, const Step& b) { return a.confidence > b.confidence; });
  }

  /// Lowers the threshold to the next confidence; false when there is none.
  bool next() {
    if (at_ == steps_.size()) return false;
    threshold_ = steps_[at_].confidence;
    for (; at_ < steps_.size() && steps_[at_].confidence == threshold_; ++at_) say(steps_[at_]);
    return true;
  }

  double threshold() const { return threshold_; }
  double count() const { return count_; }
  double count_true() const { return count_true_; }
  double count_out_of_set() const { return count_out_of_set_; }

 private:
  struct Step {
    double confidence = 0.0;
    size_t statement = 0;
    size_t name = 0;
  };
  static constexpr size_t kNothing = static_cast<size_t>(-1);

  void say(const Step& step) {
    const Outcome& outcome = outcomes_[step.statement];
    size_t& said = said_[step.statement];
    if (said < step.name) return;  // a more specific name is said
    if (said == kNothing) {
      ++count_;
      count_out_of_set_ += outcome.out_of_set ? 1.0 : 0.0;
    } else {
      count_true_ -= outcome.names[said].is_true ? 1.0 : 0.0;
    }
    count_true_ += outcome.names[step.name].is_true ? 1.0 : 0.0;
    said = step.name;
  }

  const std::vector<Outcome>& outcomes_;
  std::vector<size_t> said_;  // the name that is said of each statement
  std::vector<Step> steps_;
  size_t at_ = 0;
  double threshold_ = 1.0;
  double count_ = 0.0;
  double count_true_ = 0.0;
  double count_out_of_set_ = 0.0;
};

/// `absent`: images that nothing fits, silenced ones included.
double choose_threshold(const std::vector<Outcome>& outcomes, double out_of_set,
                        const CalibrationTargets& targets) {
  double precise = targets.precision;
  bool reached = false;
  double quiet = 1.0;
  for (FallingThreshold falling(outcomes); falling.next();) {
    const bool low = falling.count_out_of_set() <= targets.false_on_absent * out_of_set;
    if (low) quiet = falling.threshold();
    if (low && wilson_lower(falling.count_true(), falling.count()) >= targets.precision) {
      precise = falling.threshold();
      reached = true;
    }
  }
  return std::max({targets.least, precise, reached ? 0.0 : quiet});
}

/// A statement's examples follow each other from `first` on, as many as it has names.
struct Judged {
  Outcome outcome;
  size_t first = 0;
};

void add_example(LogisticExamples& examples, const FeatureRow& row, size_t label, bool is_true) {
  examples.rows.push_back(row);
  examples.groups.push_back(label);
  examples.outcomes.push_back(is_true);
}

Judged add_examples(LogisticExamples& examples, const JudgedStatement& statement) {
  Judged judged{{{}, statement.out_of_set}, examples.rows.size()};
  add_example(examples, {logit(statement.probability), statement.z, statement.cosine}, statement.label,
              statement.is_true);
  judged.outcome.names.push_back({0.0, statement.is_true});
  for (const JudgedHypernym& name : statement.hypernyms) {
    add_example(examples, {logit(name.probability), name.z, name.cosine}, name.label, name.is_true);
    judged.outcome.names.push_back({0.0, name.is_true});
  }
  return judged;
}

/// A label that no example shows to be right is taken for one of the worse ones: it has no offset of its own,
/// and what makes it win on a picture of something else, or of nothing, has not been seen.
void doubt_unproven(LogisticFit& fit, const LogisticExamples& examples) {
  constexpr double kDoubt = 1.4;  // two standard deviations of the offsets' prior
  std::vector<bool> proven(examples.group_count, false);
  for (size_t i = 0; i < examples.outcomes.size(); ++i) {
    if (examples.outcomes[i]) proven[examples.groups[i]] = true;
  }
  for (size_t label = 0; label < proven.size(); ++label) {
    if (!proven[label]) fit.offsets[label] -= kDoubt;
  }
}

LogisticFit fit_labels(const LogisticExamples& examples) {
  LogisticFit fit = fit_logistic(examples);
  doubt_unproven(fit, examples);
  return fit;
}

/// Confidences by cross-validation: a fit is too sure of what it was fitted to, the more so with an offset
/// for each label. Parts are every fifth statement, so that pictures in order of their class fall into all.
std::vector<Outcome> judge_by_others(const LogisticExamples& examples, const std::vector<Judged>& judged) {
  constexpr size_t kParts = 5;
  std::vector<Outcome> outcomes;
  outcomes.reserve(judged.size());
  for (const Judged& statement : judged) outcomes.push_back(statement.outcome);
  for (size_t part = 0; part < kParts; ++part) {
    LogisticExamples others;
    others.group_count = examples.group_count;
    for (size_t i = 0; i < judged.size(); ++i) {
      if (i % kParts == part) continue;
      for (size_t name = 0; name < judged[i].outcome.names.size(); ++name) {
        const size_t example = judged[i].first + name;
        add_example(others, examples.rows[example], examples.groups[example], examples.outcomes[example]);
      }
    }
    const LogisticFit fit = fit_labels(others);
    for (size_t i = part; i < judged.size(); i += kParts) {
      double surest = 0.0;  // as hedging_path() has it: no hypernym is less sure than its kind
      for (size_t name = 0; name < outcomes[i].names.size(); ++name) {
        const size_t example = judged[i].first + name;
        surest = std::max(surest, fit.probability(examples.rows[example], examples.groups[example]));
        outcomes[i].names[name].confidence = surest;
      }
    }
  }
  return outcomes;
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
  std::vector<Judged> judged;
  double out_of_set = 0.0;
  size_t is_true = 0;
  for (const JudgedStatement& statement : statements) {
    out_of_set += statement.out_of_set ? 1.0 : 0.0;
    if (statement.vetoed) continue;
    is_true += statement.is_true ? 1U : 0U;
    judged.push_back(add_examples(examples, statement));
  }
  const size_t count = judged.size();
  if (count < kLeastImages || is_true < kLeastOfEach || count - is_true < kLeastOfEach) {
    throw Error(ErrorKind::kInput,
                "too few images to calibrate: " + std::to_string(count) + " images, the best label true of " +
                    std::to_string(is_true),
                "", "give at least 40, of which the set gets 5 right and 5 wrong or fits none");
  }
  LogisticFit fit = fit_labels(examples);
  calibration.logit_weight = fit.weights[0];
  calibration.z_weight = fit.weights[1];
  calibration.cosine_weight = fit.weights[2];
  calibration.bias = fit.bias;
  calibration.offsets = std::move(fit.offsets);
  calibration.min_confidence = choose_threshold(judge_by_others(examples, judged), out_of_set, targets);
}

void fit_to_background(SetCalibration& calibration, std::vector<double> best_z) {
  constexpr double kSure = 0.9;
  constexpr double kLeastSpread = 1e-6;
  if (best_z.size() < kLeastImages) {
    throw Error(ErrorKind::kInput,
                "too few images to calibrate: " + std::to_string(best_z.size()) + " images", "",
                "give at least 40");
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
