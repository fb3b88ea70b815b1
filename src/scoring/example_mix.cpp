#include "kiloword/scoring/example_mix.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/scoring/similarity.h"
#include "scoring/competition.h"
#include "scoring/discriminant.h"
#include "scoring/vectors.h"

namespace kiloword {
namespace {

/// Of the other labels' examples that a label may win.
constexpr double kAllowedOthers = 0.05;
/// More examples of other labels than these say little new; so many of them, evenly chosen, are looked at.
constexpr size_t kMaxOthers = 1024;
/// A text counts as known by as much as one example of it would show.
constexpr double kTextPrior = 1.0;
constexpr double kExampleWeight = 0.5;
/// How far the cosine with the mean picture is lowered at most, and in how many steps.
constexpr double kMaxDrop = 0.8;
constexpr int kSteps = 64;

/// Numbers of pictures that a label may win only some of, in one competition.
struct Bout {
  const std::vector<Vector>& pictures;
  const Competition& competition;
  std::vector<size_t> numbers;
  double allowed_wins = 0;
};

std::vector<size_t> numbers_to(size_t count) {
  std::vector<size_t> numbers(count);
  for (size_t i = 0; i < count; ++i) numbers[i] = i;
  return numbers;
}

/// What the embeddings of one set with examples are mixed from.
class Mixer {
 public:
  Mixer(const LabelSet& set, const SetExamples& examples, const Embeddings& negatives,
        const Embeddings& labels)
      : background_(in_double(examples.background)),
        spread_(background_, {}),
        common_(unit(spread_.mean())),
        base_(static_cast<size_t>(labels.dim)),
        texts_(labels),
        on_background_(background_, labels, negatives) {
    for (int64_t i = 0; i < labels.rows; ++i)
      base_ = plus(std::move(base_), 1.0 / static_cast<double>(labels.rows), row_of(labels, i));
    std::unordered_map<std::string_view, size_t> index;
    for (size_t i = 0; i < set.labels.size(); ++i) index.emplace(set.labels[i].name, i);
    for (const LabelExamples& of_label : examples.labels) {
      numbers_.push_back(index.at(of_label.label));
      for (Vector& picture : in_double(of_label.pictures)) {
        examples_.push_back(std::move(picture));
        owners_.push_back(numbers_.back());
      }
    }
    on_examples_.emplace(examples_, labels, negatives);
  }

  /// Labels with examples.
  const std::vector<size_t>& numbers() const { return numbers_; }

  Vector mixed(size_t label) const {
    std::vector<Vector> own;
    std::vector<size_t> others;
    for (size_t i = 0; i < examples_.size(); ++i) {
      if (owners_[i] == label) {
        own.push_back(examples_[i]);
      } else {
        others.push_back(i);
      }
    }
    if (others.size() > kMaxOthers) {
      for (size_t i = 0; i < kMaxOthers; ++i) others[i] = others[i * others.size() / kMaxOthers];
      others.resize(kMaxOthers);
    }
    const Vector side = direction(label, own, others);
    const Bout on_background{background_, on_background_, numbers_to(background_.size()),
                             static_cast<double>(on_background_.usual_wins(label))};
    const double allowed_others = kAllowedOthers * static_cast<double>(others.size());
    const Bout on_others{examples_, *on_examples_, std::move(others), allowed_others};
    return at_level(allowed_level(label, side, {on_background, on_others}), side);
  }

 private:
  /// Without the direction of the mean picture.
  Vector flattened(const Vector& v) const { return plus(v, -dot(v, common_), common_); }

  /// v of mix_examples, of unit length; `others` are numbers of examples.
  Vector direction(size_t label, const std::vector<Vector>& own, const std::vector<size_t>& others) const {
    std::vector<Vector> pictures;
    pictures.reserve(others.size());
    for (const size_t i : others) pictures.push_back(examples_[i]);
    const PictureSpread rest(background_, pictures);
    const Vector found = flattened(rest.whitened(plus(mean_of(own), -1, rest.mean())));
    const Vector text = flattened(plus(row_of(texts_, static_cast<int64_t>(label)), -1, base_));
    const double found_deviation = std::max(kTiny, spread_.deviation(found));
    const double text_deviation = spread_.deviation(text);
    if (text_deviation < kTiny) return unit(found);  // the set's only text
    const auto count = static_cast<double>(own.size());
    double known = kTextPrior;
    for (const Vector& example : own) known += dot(plus(example, -1, spread_.mean()), text) / text_deviation;
    known = std::max(0.0, known / (1 + count));
    const double text_weight = known / (known + kExampleWeight * std::sqrt(count));
    return unit(plus(scaled(text, text_weight / text_deviation), (1 - text_weight) / found_deviation, found));
  }

  /// The unit vector along `side` whose cosine with the mean picture is `level`.
  Vector at_level(double level, const Vector& side) const {
    return plus(scaled(common_, level), std::sqrt(1 - level * level), side);
  }

  /// The highest level at which no bout is won too often.
  double allowed_level(size_t label, const Vector& side, const std::vector<Bout>& bouts) const {
    constexpr double kLeastLevel = -0.99;
    const double usual = std::clamp(dot(base_, common_), kLeastLevel, -kLeastLevel);
    double level = usual;
    for (int step = 0; step <= kSteps; ++step) {
      level = std::max(kLeastLevel, usual - kMaxDrop * step / kSteps);
      const Vector row = at_level(level, side);
      const bool allowed = std::all_of(bouts.begin(), bouts.end(), [&](const Bout& bout) {
        const auto wins = std::count_if(bout.numbers.begin(), bout.numbers.end(), [&](size_t i) {
          return dot(bout.pictures[i], row) > bout.competition.best_other(i, label);
        });
        return static_cast<double>(wins) <= bout.allowed_wins;
      });
      if (allowed) break;
    }
    return level;
  }

  std::vector<Vector> background_;
  PictureSpread spread_;  // of the background
  Vector common_;         // direction of the mean picture
  Vector base_;           // mean text
  const Embeddings& texts_;
  std::vector<size_t> numbers_;
  std::vector<Vector> examples_;
  std::vector<size_t> owners_;  // label of each example
  Competition on_background_;
  std::optional<Competition> on_examples_;
};

}  // namespace

void mix_examples(const LabelSet& set, const SetExamples& examples, const Embeddings& negatives,
                  Embeddings& labels) {
  if (examples.dim != static_cast<size_t>(labels.dim)) {
    throw Error(ErrorKind::kInternal, "examples of another width than the label embeddings");
  }
  const Embeddings texts = labels;
  const Mixer mixer(set, examples, negatives, texts);
  for (const size_t label : mixer.numbers()) {
    const Vector mixed = mixer.mixed(label);
    float* row = labels.values.data() + static_cast<int64_t>(label) * labels.dim;
    std::transform(mixed.begin(), mixed.end(), row, [](double value) { return static_cast<float>(value); });
    normalize_in_place(row, labels.dim);
  }
}

}  // namespace kiloword
