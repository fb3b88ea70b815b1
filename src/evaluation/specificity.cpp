#include "evaluation/specificity.h"

#include <algorithm>
#include <cstddef>

namespace kiloword {
namespace {

constexpr size_t kMaxPoints = 200;
constexpr size_t kNothing = static_cast<size_t>(-1);

/// A name that begins to pass at its confidence.
struct Step {
  double confidence = 0.0;
  size_t image = 0;
  size_t name = 0;
};

bool may_speak(const JudgedImage& image) {
  return image.said || image.rejection == Rejection::kBelowConfidence ||
         image.rejection == Rejection::kNotAmongTopK;
}

std::vector<Step> steps_of(const std::vector<JudgedImage>& images) {
  std::vector<Step> steps;
  for (size_t i = 0; i < images.size(); ++i) {
    if (!may_speak(images[i])) continue;
    for (size_t name = 0; name < images[i].names.size(); ++name)
      steps.push_back({images[i].names[name].confidence, i, name});
  }
  std::sort(steps.begin(), steps.end(),
            [](const Step& a, const Step& b) { return a.confidence > b.confidence; });
  return steps;
}

/// Adds what `name` is worth, `times` 1 or -1.
void count(const JudgedName& name, double times, SpecificityPoint& sums) {
  (name.is_exact ? sums.exact : name.is_true ? sums.hypernym : sums.wrong) += times;
  if (name.is_true) sums.information += times * name.information;
}

}  // namespace

std::vector<SpecificityPoint> specificity_curve(const std::vector<JudgedImage>& images) {
  const std::vector<Step> steps = steps_of(images);
  std::vector<size_t> said(images.size(), kNothing);
  std::vector<SpecificityPoint> points;
  SpecificityPoint sums;
  for (size_t i = 0; i < steps.size(); ++i) {
    const std::vector<JudgedName>& names = images[steps[i].image].names;
    size_t& said_name = said[steps[i].image];
    if (steps[i].name < said_name) {
      if (said_name != kNothing) count(names[said_name], -1, sums);
      count(names[steps[i].name], 1, sums);
      said_name = steps[i].name;
    }
    if (i + 1 < steps.size() && steps[i + 1].confidence == steps[i].confidence) continue;
    const auto of_all = static_cast<double>(images.size());
    points.push_back({steps[i].confidence, sums.exact / of_all, sums.hypernym / of_all, sums.wrong / of_all,
                      sums.information / of_all});
  }
  const size_t kept = std::min(points.size(), kMaxPoints);
  std::vector<SpecificityPoint> curve;
  for (size_t i = 1; i <= kept; ++i) curve.push_back(points[i * points.size() / kept - 1]);
  return curve;
}

}  // namespace kiloword
