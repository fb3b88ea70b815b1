#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "evaluation/png_canvas.h"
#include "evaluation/svg_canvas.h"
#include "kiloword/evaluation/report.h"

namespace kiloword {
namespace {

constexpr int kWidth = 860;
constexpr int kHeight = 440;
constexpr double kSide = 330;  // of a panel
constexpr double kTop = 50;
constexpr int kSmall = 12;  // font
constexpr bool kSolid = false;
constexpr bool kDashed = true;
const char* const kGrid = "#ddd";
const char* const kBars = "#bcd3ea";
const char* const kCurve = "#1f5f9e";
const char* const kMark = "#c0392b";

std::string percent(double share) {
  return std::to_string(static_cast<int>(std::lround(100 * share))) + " %";
}

/// A square with axes from 0 to 1.
class Panel {
 public:
  Panel(Canvas& canvas, double left, const std::string& title, const std::string& x_axis,
        const std::string& y_axis)
      : canvas_(canvas), left_(left) {
    constexpr int kTicks = 5;
    canvas.text(x(0.5), kTop - 12, title, TextAnchor::kMiddle, 15);
    for (int tick = 0; tick <= kTicks; ++tick) {
      const double at = static_cast<double>(tick) / kTicks;
      canvas.line(x(at), y(0), x(at), y(1), kGrid, kSolid);
      canvas.line(x(0), y(at), x(1), y(at), kGrid, kSolid);
      canvas.text(x(at), y(0) + 17, percent(at), TextAnchor::kMiddle, kSmall);
      canvas.text(x(0) - 6, y(at) + 4, percent(at), TextAnchor::kEnd, kSmall);
    }
    canvas.text(x(0.5), y(0) + 38, x_axis, TextAnchor::kMiddle, kSmall);
    canvas.upright_text(x(0) - 50, y(0.5), y_axis);
  }

  double x(double share) const { return left_ + share * kSide; }
  double y(double share) const { return kTop + (1 - share) * kSide; }
  void frame() {
    canvas_.line(x(0), y(0), x(1), y(0), "#555", kSolid);
    canvas_.line(x(0), y(0), x(0), y(1), "#555", kSolid);
  }

 private:
  Canvas& canvas_;
  double left_;
};

void draw_reliability(Canvas& canvas, const Evaluation& evaluation) {
  Panel panel(canvas, 75, "Reliability", "confidence", "true statements");
  std::vector<std::pair<double, double>> curve;
  for (const ReliabilityBin& bin : evaluation.reliability) {
    if (bin.images == 0) continue;
    const double of_all = static_cast<double>(bin.images) / static_cast<double>(evaluation.images);
    canvas.rectangle(panel.x(bin.lower) + 1, panel.y(of_all), kSide / kReliabilityBins - 2, kSide * of_all,
                     kBars);
    curve.emplace_back(panel.x(bin.mean_confidence), panel.y(bin.true_share));
  }
  canvas.line(panel.x(0), panel.y(0), panel.x(1), panel.y(1), "#888", kDashed);
  canvas.polyline(curve, kCurve);
  for (const auto& [x, y] : curve) canvas.circle(x, y, 4, kCurve);
  canvas.text(panel.x(0) + 8, panel.y(1) + 16, "bars: share of the images", TextAnchor::kStart, kSmall);
  panel.frame();
}

void draw_risk(Canvas& canvas, const EvaluationSubject& subject, const Evaluation& evaluation) {
  Panel panel(canvas, 495, "Risk against coverage", "coverage", "false statements");
  std::vector<std::pair<double, double>> curve;
  for (const RiskPoint& point : evaluation.risk)
    curve.emplace_back(panel.x(point.coverage), panel.y(point.risk));
  canvas.polyline(curve, kCurve);
  if (evaluation.said > 0) {
    const auto said = static_cast<double>(evaluation.said);
    const double x = panel.x(said / static_cast<double>(evaluation.images));
    const double y = panel.y(1 - static_cast<double>(evaluation.said_true) / said);
    canvas.circle(x, y, 5, kMark);
    const bool at_right = x > panel.x(0.6);
    canvas.text(x + (at_right ? -9 : 9), y - 9, "at " + percent(subject.min_confidence),
                at_right ? TextAnchor::kEnd : TextAnchor::kStart, kSmall);
  }
  panel.frame();
}

/// Right names, and right names or hypernyms, among the statements, against the information that all of them
/// give.
void draw_specificity(Canvas& canvas, const Evaluation& evaluation) {
  Panel panel(canvas, kWidth + 55, "Accuracy and specificity", "information, of the most possible",
              "true statements (dashed: exact)");
  std::vector<std::pair<double, double>> curve;
  const SpecificityPoint* last = nullptr;
  for (const SpecificityPoint& point : evaluation.specificity) {
    const auto at = [&](double share) {
      return std::make_pair(panel.x(point.information), panel.y(share / point.coverage()));
    };
    curve.push_back(at(point.exact + point.hypernym));
    if (last != nullptr) {
      canvas.line(panel.x(last->information), panel.y(last->exact / last->coverage()), at(point.exact).first,
                  at(point.exact).second, kMark, kDashed);
    }
    last = &point;
  }
  canvas.polyline(curve, kCurve);
  panel.frame();
}

int width_of(const Evaluation& evaluation) {
  constexpr int kPanel = 420;
  return kWidth + (evaluation.specificity.empty() ? 0 : kPanel);
}

void draw(Canvas& canvas, const EvaluationSubject& subject, const Evaluation& evaluation) {
  draw_reliability(canvas, evaluation);
  draw_risk(canvas, subject, evaluation);
  if (!evaluation.specificity.empty()) draw_specificity(canvas, evaluation);
  canvas.text(width_of(evaluation) / 2.0, kHeight - 8,
              subject.model + ", " + subject.set + ", " + subject.rank + ": " +
                  std::to_string(evaluation.images) + " images",
              TextAnchor::kMiddle, kSmall);
}

template <typename SomeCanvas>
std::string drawn_on(const EvaluationSubject& subject, const Evaluation& evaluation) {
  SomeCanvas canvas(width_of(evaluation), kHeight);
  draw(canvas, subject, evaluation);
  return canvas.finish();
}

}  // namespace

std::string evaluation_plot(const EvaluationSubject& subject, const Evaluation& evaluation,
                            PlotFormat format) {
  return format == PlotFormat::kPng ? drawn_on<PngCanvas>(subject, evaluation)
                                    : drawn_on<SvgCanvas>(subject, evaluation);
}

}  // namespace kiloword
