#include "kiloword/scoring/example_mix.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/scoring/similarity.h"

namespace kiloword {
namespace {

using Vector = std::vector<double>;

/// Of the mean variance of the background; weighs against what few pictures say about a covariance.
constexpr double kRidge = 3.0;
/// A text counts as known by as much as one example of it would show.
constexpr double kTextPrior = 1.0;
constexpr double kExampleWeight = 0.5;
/// Steps between the mean text and the direction of the examples.
constexpr int kSteps = 64;
constexpr double kTiny = 1e-12;

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// a + factor * b
Vector plus(Vector a, double factor, const Vector& b) {
  for (size_t i = 0; i < a.size(); ++i) a[i] += factor * b[i];
  return a;
}

Vector scaled(Vector a, double factor) {
  for (double& value : a) value *= factor;
  return a;
}

/// Zero stays zero.
Vector unit(Vector a) {
  const double length = std::sqrt(dot(a, a));
  return length < kTiny ? a : scaled(std::move(a), 1 / length);
}

Vector mean_of(const std::vector<Vector>& rows) {
  Vector mean(rows.front().size());
  for (const Vector& row : rows) mean = plus(std::move(mean), 1.0 / static_cast<double>(rows.size()), row);
  return mean;
}

std::vector<Vector> in_double(const std::vector<std::vector<float>>& rows) {
  std::vector<Vector> result;
  result.reserve(rows.size());
  for (const std::vector<float>& row : rows) result.emplace_back(row.begin(), row.end());
  return result;
}

Vector row_of(const Embeddings& rows, int64_t row) {
  return {rows.row(row), rows.row(row) + rows.dim};
}

/// The background: what pictures have in common, and how they differ.
class Background {
 public:
  explicit Background(const std::vector<std::vector<float>>& pictures)
      : centred_(in_double(pictures)), mean_(mean_of(centred_)) {
    for (Vector& picture : centred_) picture = plus(std::move(picture), -1, mean_);
    double variance = 0;
    for (const Vector& picture : centred_) variance += dot(picture, picture) / count();
    ridge_ = std::max(kTiny, kRidge * variance / static_cast<double>(mean_.size()));
  }

  size_t pictures() const { return centred_.size(); }
  const Vector& mean() const { return mean_; }
  /// Without the direction of the mean.
  Vector flattened(const Vector& v) const {
    const Vector direction = unit(mean_);
    return plus(v, -dot(v, direction), direction);
  }
  /// The products of `v` with all pictures less that with their mean.
  Vector products(const Vector& v) const {
    Vector result;
    result.reserve(centred_.size());
    for (const Vector& picture : centred_) result.push_back(dot(picture, v));
    return result;
  }
  double deviation(const Vector& v) const {
    const Vector all = products(v);
    return std::sqrt(dot(all, all) / count());
  }

  /// (S + ridge)^-1 v by conjugate gradients: the ridge keeps the condition small, so that few steps do, and
  /// no matrix of D x D is kept.
  Vector whitened(const Vector& v) const {
    constexpr int kMaxSteps = 200;
    constexpr double kAccuracy = 1e-12;
    Vector solution(v.size());
    Vector residual = v;
    Vector direction = v;
    double squares = dot(residual, residual);
    const double enough = kAccuracy * squares;
    for (int step = 0; step < kMaxSteps && squares > enough; ++step) {
      const Vector product = covariance_product(direction);
      const double length = squares / dot(direction, product);
      solution = plus(std::move(solution), length, direction);
      residual = plus(std::move(residual), -length, product);
      const double next = dot(residual, residual);
      direction = plus(residual, next / squares, direction);
      squares = next;
    }
    return solution;
  }

 private:
  double count() const { return static_cast<double>(centred_.size()); }
  Vector covariance_product(const Vector& v) const {
    Vector result = scaled(v, ridge_);
    for (const Vector& picture : centred_)
      result = plus(std::move(result), dot(picture, v) / count(), picture);
    return result;
  }

  std::vector<Vector> centred_;
  Vector mean_;
  double ridge_ = 0;
};

/// Which text of the set is the best for each background picture, and by how much.
class Competition {
 public:
  Competition(const SetExamples& examples, const Embeddings& labels, const Embeddings& negatives)
      : wins_(static_cast<size_t>(labels.rows)) {
    for (const std::vector<float>& picture : examples.background) {
      const std::vector<float> of_labels = cosines(picture.data(), labels);
      Best best;
      for (size_t i = 0; i < of_labels.size(); ++i) enter(best, of_labels[i], i);
      for (const float cosine : cosines(picture.data(), negatives)) enter(best, cosine, of_labels.size());
      pictures_.push_back(best);
      if (best.label == of_labels.size()) continue;
      ++wins_[best.label];
      ++label_wins_;
    }
  }

  size_t allowed_wins(size_t label) const { return std::max(wins_[label], label_wins_ / wins_.size()); }
  /// The best cosine with background picture `picture` but for that of `label`.
  double best_other(size_t picture, size_t label) const {
    return pictures_[picture].label == label ? pictures_[picture].second : pictures_[picture].first;
  }

 private:
  struct Best {
    double first = -std::numeric_limits<double>::infinity();
    double second = -std::numeric_limits<double>::infinity();
    size_t label = 0;
  };
  static void enter(Best& best, double cosine, size_t label) {
    if (cosine > best.first) {
      best.second = std::exchange(best.first, cosine);
      best.label = label;
    } else {
      best.second = std::max(best.second, cosine);
    }
  }

  std::vector<Best> pictures_;
  std::vector<size_t> wins_;
  size_t label_wins_ = 0;
};

/// v of mix_examples, of unit length.
Vector target_direction(const Background& background, const Vector& text,
                        const std::vector<std::vector<float>>& pictures) {
  const std::vector<Vector> examples = in_double(pictures);
  const Vector found =
      background.flattened(background.whitened(plus(mean_of(examples), -1, background.mean())));
  const double found_deviation = std::max(kTiny, background.deviation(found));
  const double text_deviation = background.deviation(text);
  if (text_deviation < kTiny) return unit(found);  // the set's only text
  const auto count = static_cast<double>(examples.size());
  double known = kTextPrior;
  for (const Vector& example : examples)
    known += dot(plus(example, -1, background.mean()), text) / text_deviation;
  known = std::max(0.0, known / (1 + count));
  const double text_weight = known / (known + kExampleWeight * std::sqrt(count));
  return unit(plus(scaled(text, text_weight / text_deviation), (1 - text_weight) / found_deviation, found));
}

/// The unit vector between `base` and `target` that the competition allows.
Vector allowed_vector(const Background& background, const Competition& competition, size_t label,
                      const Vector& base, const Vector& target) {
  const Vector common = unit(background.mean());
  const double level = std::clamp(dot(base, common), -1.0, 1.0);
  const Vector rest = unit(background.flattened(base));
  const double angle_step = std::acos(0.0) / kSteps;
  Vector chosen;
  for (int step = 1; step <= kSteps; ++step) {
    const double angle = angle_step * step;
    const Vector side = unit(plus(scaled(rest, std::cos(angle)), std::sin(angle), target));
    const Vector candidate = plus(scaled(common, level), std::sqrt(1 - level * level), side);
    const double on_mean = dot(background.mean(), candidate);
    const Vector products = background.products(candidate);
    size_t wins = 0;
    for (size_t i = 0; i < products.size(); ++i)
      wins += on_mean + products[i] > competition.best_other(i, label) ? 1U : 0U;
    if (wins > competition.allowed_wins(label) && !chosen.empty()) break;
    chosen = candidate;
  }
  return chosen;
}

}  // namespace

void mix_examples(const LabelSet& set, const SetExamples& examples, const Embeddings& negatives,
                  Embeddings& labels) {
  if (examples.dim != static_cast<size_t>(labels.dim)) {
    throw Error(ErrorKind::kInternal, "examples of another width than the label embeddings");
  }
  const Background background(examples.background);
  const Competition competition(examples, labels, negatives);
  Vector base(examples.dim);
  for (int64_t i = 0; i < labels.rows; ++i) {
    base = plus(std::move(base), 1.0 / static_cast<double>(labels.rows), row_of(labels, i));
  }
  std::unordered_map<std::string_view, size_t> index;
  for (size_t i = 0; i < set.labels.size(); ++i) index.emplace(set.labels[i].name, i);
  for (const LabelExamples& of_label : examples.labels) {
    const size_t label = index.at(of_label.label);
    float* row = labels.values.data() + static_cast<int64_t>(label) * labels.dim;
    const Vector text(row, row + labels.dim);
    const Vector target =
        target_direction(background, background.flattened(plus(text, -1, base)), of_label.pictures);
    const Vector mixed = allowed_vector(background, competition, label, base, target);
    std::transform(mixed.begin(), mixed.end(), row, [](double value) { return static_cast<float>(value); });
    normalize_in_place(row, labels.dim);
  }
}

}  // namespace kiloword
