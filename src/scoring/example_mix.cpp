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

/// Pictures that a label may win only some of.
struct Bout {
  struct Picture {
    double on_common = 0;  // product with the direction of the mean picture
    double on_side = 0;    // product with the label's direction
    double best_other = 0;
  };
  std::vector<Picture> pictures;
  double allowed_wins = 0;

  /// Whether the unit vector with these shares of the two directions wins no more than it may.
  bool allows(double common, double side) const {
    const auto wins = std::count_if(pictures.begin(), pictures.end(), [&](const Picture& picture) {
      return common * picture.on_common + side * picture.on_side > picture.best_other;
    });
    return static_cast<double>(wins) <= allowed_wins;
  }
};

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
    Bout on_background{{}, static_cast<double>(on_background_.usual_wins(label))};
    for (size_t i = 0; i < background_.size(); ++i)
      on_background.pictures.push_back(
          {dot(background_[i], common_), dot(background_[i], side), on_background_.best_other(i, label)});
    Bout on_others{{}, kAllowedOthers * static_cast<double>(others.size())};
    for (const size_t i : others)
      on_others.pictures.push_back(
          {dot(examples_[i], common_), dot(examples_[i], side), on_examples_->best_other(i, label)});
    const double level = allowed_level({on_background, on_others});
    return plus(scaled(common_, level), side_share(level), side);
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

  /// Of a unit vector whose share of the mean picture's direction is `level`.
  static double side_share(double level) { return std::sqrt(1 - level * level); }

  /// The highest cosine with the mean picture at which no bout is won too often.
  double allowed_level(const std::vector<Bout>& bouts) const {
    constexpr double kLeastLevel = -0.99;
    const double usual = std::clamp(dot(base_, common_), kLeastLevel, -kLeastLevel);
    double level = usual;
    for (int step = 0; step <= kSteps; ++step) {
      level = std::max(kLeastLevel, usual - kMaxDrop * step / kSteps);
      const bool allowed = std::all_of(bouts.begin(), bouts.end(), [level](const Bout& bout) {
        return bout.allows(level, side_share(level));
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
