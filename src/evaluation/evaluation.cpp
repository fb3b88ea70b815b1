#include "kiloword/evaluation/evaluation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "evaluation/specificity.h"

namespace kiloword {
namespace {

/// Counts of one class, with how often which false label was best.
struct ClassCounts {
  ClassAccuracy accuracy;
  std::map<size_t, size_t> mistakes;
};

void count(const JudgedImage& image, ClassCounts& counts) {
  ClassAccuracy& accuracy = counts.accuracy;
  constexpr size_t kFew = 5;
  accuracy.class_name = image.class_name;
  accuracy.out_of_set = image.out_of_set;
  ++accuracy.images;
  accuracy.top1 += image.is_top1() ? 1U : 0U;
  accuracy.top5 += !image.out_of_set && image.true_rank <= kFew ? 1U : 0U;
  accuracy.said += image.said ? 1U : 0U;
  accuracy.said_true += image.said && image.is_true() ? 1U : 0U;
  if (!image.is_true()) ++counts.mistakes[image.best.label];
}

std::vector<ClassAccuracy> per_class(const std::vector<JudgedImage>& images,
                                     const std::vector<std::string>& label_names) {
  std::map<std::pair<bool, std::string>, ClassCounts> by_class;
  for (const JudgedImage& image : images) count(image, by_class[{image.out_of_set, image.class_name}]);
  std::vector<ClassAccuracy> classes;
  for (auto& [name, counts] : by_class) {
    const auto worst = std::max_element(counts.mistakes.begin(), counts.mistakes.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
    if (worst != counts.mistakes.end()) counts.accuracy.mistaken_for = label_names.at(worst->first);
    classes.push_back(std::move(counts.accuracy));
  }
  return classes;
}

void fill_reliability(const std::vector<JudgedImage>& images, Evaluation& result) {
  for (size_t i = 0; i < kReliabilityBins; ++i) {
    result.reliability[i].lower = static_cast<double>(i) / static_cast<double>(kReliabilityBins);
  }
  for (const JudgedImage& image : images) {
    const double place = image.best.confidence * static_cast<double>(kReliabilityBins);
    ReliabilityBin& bin =
        result.reliability[std::min(static_cast<size_t>(std::max(place, 0.0)), kReliabilityBins - 1)];
    ++bin.images;
    bin.mean_confidence += image.best.confidence;
    bin.true_share += image.is_true() ? 1.0 : 0.0;
  }
  for (ReliabilityBin& bin : result.reliability) {
    if (bin.images == 0) continue;
    const auto in_bin = static_cast<double>(bin.images);
    bin.mean_confidence /= in_bin;
    bin.true_share /= in_bin;
    result.calibration_error +=
        std::abs(bin.mean_confidence - bin.true_share) * in_bin / static_cast<double>(images.size());
  }
}

void fill_risk(const std::vector<JudgedImage>& images, Evaluation& result) {
  constexpr size_t kMaxPoints = 200;
  std::vector<std::pair<double, bool>> order;
  order.reserve(images.size());
  for (const JudgedImage& image : images) order.emplace_back(image.best.confidence, image.is_true());
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<RiskPoint> points;
  size_t wrong = 0;
  size_t step = 0;  // images since the last point: they are spoken about together or not at all
  for (size_t i = 0; i < order.size(); ++i) {
    wrong += order[i].second ? 0U : 1U;
    ++step;
    if (i + 1 < order.size() && order[i + 1].first == order[i].first) continue;
    const auto spoken = static_cast<double>(i + 1);
    const RiskPoint point{spoken / static_cast<double>(order.size()), static_cast<double>(wrong) / spoken,
                          order[i].first};
    result.risk_area += point.risk * static_cast<double>(step) / static_cast<double>(order.size());
    points.push_back(point);
    step = 0;
  }
  const size_t kept = std::min(points.size(), kMaxPoints);
  for (size_t i = 1; i <= kept; ++i) result.risk.push_back(points[i * points.size() / kept - 1]);
}

}  // namespace

Evaluation evaluate(const std::vector<JudgedImage>& images, const std::vector<std::string>& label_names) {
  Evaluation result;
  result.images = images.size();
  result.classes = per_class(images, label_names);
  for (const ClassAccuracy& of_class : result.classes) {
    result.top1 += of_class.top1;
    result.top5 += of_class.top5;
    result.said += of_class.said;
    result.said_true += of_class.said_true;
    result.out_of_set += of_class.out_of_set ? of_class.images : 0U;
    result.said_out_of_set += of_class.out_of_set ? of_class.said : 0U;
  }
  fill_reliability(images, result);
  fill_risk(images, result);
  for (const JudgedImage& image : images) {
    const auto is_hypernym = [&image](const JudgedName& name) {
      return name.label == image.best.label && name.is_true && !name.is_exact;
    };
    if (image.said && std::any_of(image.names.begin(), image.names.end(), is_hypernym))
      ++result.said_hypernyms;
  }
  result.specificity = specificity_curve(images);
  return result;
}

}  // namespace kiloword
