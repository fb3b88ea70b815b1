#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/input/labelled_images.h"
#include "cli/output/table.h"
#include "kiloword/base/file.h"
#include "kiloword/base/output_target.h"
#include "kiloword/decision/rank_rule.h"
#include "kiloword/evaluation/report.h"

namespace kiloword::cli {
namespace {

std::string percent(size_t hits, size_t trials) {
  if (trials == 0) return "-";
  char buffer[32];  // NOLINT(modernize-avoid-c-arrays): snprintf's
  std::snprintf(buffer, sizeof buffer, "%.1f %%",
                100.0 * static_cast<double>(hits) / static_cast<double>(trials));
  return buffer;
}

std::string three_decimals(double value) {
  char buffer[32];  // NOLINT(modernize-avoid-c-arrays): snprintf's
  std::snprintf(buffer, sizeof buffer, "%.3f", value);
  return buffer;
}

void write_summary(const EvaluationSubject& subject, const Evaluation& evaluation) {
  const size_t present = evaluation.present();
  const auto count = [](size_t number) { return std::to_string(number); };
  std::vector<std::vector<std::string>> rows{
      {"model, set", subject.model + ", " + subject.set},
      {"confidence", subject.rank + ", at least " + three_decimals(subject.min_confidence)},
      {"images", count(evaluation.images) + ", " + count(evaluation.out_of_set) +
                     " of them out of set (of no label), " + count(evaluation.failed) + " more failed"},
      {"top-1", percent(evaluation.top1, present)},
      {"top-5", percent(evaluation.top5, present)},
      {"coverage", percent(evaluation.said - evaluation.said_out_of_set, present) + " get a statement"},
      {"precision", percent(evaluation.said_true, evaluation.said) + " of the statements are true"},
      {"out of set", percent(evaluation.said_out_of_set, evaluation.out_of_set) +
                         " of these get a statement, which is false"},
      {"calibration error", three_decimals(evaluation.calibration_error)},
      {"area of risk", three_decimals(evaluation.risk_area)},
  };
  if (!evaluation.specificity.empty()) {
    rows.push_back(
        {"specificity", percent(evaluation.said_true - evaluation.said_hypernyms, evaluation.said_true) +
                            " of the true statements say the class itself, the others a hypernym"});
  }
  write_table(rows);
}

void write_classes(const Evaluation& evaluation) {
  std::vector<std::vector<std::string>> rows{
      {"CLASS", "IMAGES", "TOP-1", "TOP-5", "SAID", "TRUE", "MISTAKEN FOR"}};
  for (const ClassAccuracy& of_class : evaluation.classes) {
    rows.push_back({of_class.class_name, std::to_string(of_class.images),
                    of_class.out_of_set ? "out of set" : percent(of_class.top1, of_class.images),
                    of_class.out_of_set ? "" : percent(of_class.top5, of_class.images),
                    percent(of_class.said, of_class.images), percent(of_class.said_true, of_class.said),
                    of_class.mistaken_for});
  }
  write_table(rows);
}

void write_curves(const Evaluation& evaluation) {
  std::vector<std::vector<std::string>> rows{{"CONFIDENCE", "IMAGES", "MEAN", "TRUE"}};
  for (const ReliabilityBin& bin : evaluation.reliability) {
    const double upper = bin.lower + 1.0 / static_cast<double>(kReliabilityBins);
    rows.push_back({three_decimals(bin.lower).substr(0, 3) + " - " + three_decimals(upper).substr(0, 3),
                    std::to_string(bin.images), bin.images == 0 ? "-" : three_decimals(bin.mean_confidence),
                    bin.images == 0 ? "-" : three_decimals(bin.true_share)});
  }
  write_table(rows);
  write_line("");
  constexpr int kSteps = 10;
  rows = {{"COVERAGE", "RISK", "CONFIDENCE"}};
  for (int step = 1; step <= kSteps && !evaluation.risk.empty(); ++step) {
    const double coverage = static_cast<double>(step) / kSteps;
    const auto point =
        std::lower_bound(evaluation.risk.begin(), evaluation.risk.end() - 1, coverage - 1e-9,
                         [](const RiskPoint& a, double wanted) { return a.coverage < wanted; });
    rows.push_back(
        {three_decimals(point->coverage), three_decimals(point->risk), three_decimals(point->confidence)});
  }
  write_table(rows);
}

/// Accuracy against specificity, for a set with hypernyms.
void write_specificity(const Evaluation& evaluation) {
  constexpr size_t kRows = 10;
  std::vector<std::vector<std::string>> rows{
      {"THRESHOLD", "SAID", "EXACT", "HYPERNYM", "FALSE", "INFORMATION"}};
  const size_t points = evaluation.specificity.size();
  const size_t kept = std::min(kRows, points);
  for (size_t i = 1; i <= kept; ++i) {
    const SpecificityPoint& point = evaluation.specificity[i * points / kept - 1];
    rows.push_back({three_decimals(point.confidence), three_decimals(point.coverage()),
                    three_decimals(point.exact), three_decimals(point.hypernym), three_decimals(point.wrong),
                    three_decimals(point.information)});
  }
  write_table(rows);
}

/// The least confidence of the set's statements.
double threshold(const SelectionRules& rules, const RankOptions& rank) {
  if (rank.min_confidence) return *rank.min_confidence;
  if (rank.rule == RankRule::kCosine) return 0.0;
  const bool calibrated = rank.rule == RankRule::kCalibrated && rules.calibration;
  return calibrated ? rules.calibration->min_confidence : rules.min_confidence;
}

std::string confidence_name(const SelectionRules& rules, RankRule rule) {
  if (rule == RankRule::kCosine) return "cosine";
  return rule == RankRule::kCalibrated && rules.calibration ? "calibrated" : "probability";
}

}  // namespace

int run_eval(const EvalArguments& arguments, Console& console) {
  const Engine engine = open_engine(arguments.model, arguments.images.limits, /*many_images=*/true, console);
  const ImageTextEncoder& encoder = engine.parts().encoder();
  RankOptions rank;
  rank.rule = rank_rule(arguments.rank);
  rank.min_confidence = arguments.min_confidence;
  rank.logits = {encoder.logit_multiplier(), encoder.logit_bias()};
  const std::shared_ptr<const LabelBank> opened = open_one_set(arguments.images.set, engine, rank.rule);
  const LabelBank& bank = *opened;
  const LabelSet& set = bank.sets().front().chosen.set;
  const ClassMap classes = load_class_map(arguments.images, set);
  const std::vector<SelectionRules> rules = bank.rules();
  std::vector<std::string> label_names;
  for (const Label& label : set.labels) label_names.push_back(label.name);

  std::vector<JudgedImage> judged;
  const size_t failed =
      for_each_labelled_image(arguments.images, engine, bank, console, [&](const LabelledImage& image) {
        refuse_input_as_output(arguments.plot_file, {image.path});
        refuse_input_as_output(arguments.details_file, {image.path});
        for (const Candidate& candidate : rank_statements(image.scores, rules, rank)) {
          if (candidate.set != 0) continue;
          judged.push_back(judge(candidate, image.scores.front(), classes.labels_of(image.class_name),
                                 rules.front().tree.get()));
          judged.back().path = image.path;
          judged.back().class_name = image.class_name;
        }
      });
  Evaluation evaluation = evaluate(judged, label_names);
  evaluation.failed = failed;
  const EvaluationSubject subject{engine.model_name(), set.name, confidence_name(rules.front(), rank.rule),
                                  threshold(rules.front(), rank)};
  if (!arguments.details_file.empty()) {
    std::string lines;
    for (const JudgedImage& image : judged)
      lines += judged_image_json(image, label_names[image.best.label]) + "\n";
    write_file_atomically(arguments.details_file, lines);
  }
  if (!arguments.plot_file.empty()) {
    const std::filesystem::path path = arguments.plot_file;
    const PlotFormat format = path.extension() == ".png" ? PlotFormat::kPng : PlotFormat::kSvg;
    write_file_atomically(path, evaluation_plot(subject, evaluation, format));
  }
  if (arguments.format == Format::kJson) {
    write_line(evaluation_json(subject, evaluation));
  } else {
    write_classes(evaluation);
    write_line("");
    write_curves(evaluation);
    write_line("");
    if (!evaluation.specificity.empty()) {
      write_specificity(evaluation);
      write_line("");
    }
    write_summary(subject, evaluation);
  }
  return failed > 0 ? 1 : 0;
}

}  // namespace kiloword::cli
