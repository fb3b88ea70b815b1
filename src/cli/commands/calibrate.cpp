#include <cmath>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/input/labelled_images.h"
#include "kiloword/base/file.h"
#include "kiloword/base/output_target.h"
#include "kiloword/base/utf8.h"
#include "kiloword/decision/calibration_fit.h"
#include "kiloword/engine/calibration_store.h"

namespace kiloword::cli {
namespace {

/// What an image says about the set: its best statement, and whether a negative silences it.
struct Observation {
  ScoredLabel best;                // of a set with hypernyms the most specific name
  std::vector<ScoredLabel> above;  // its hypernyms, nearest first
  bool negative_wins = false;
  std::vector<size_t> truth;
};

Observation observe(const SetScores& scores, const LogitRule& logits, const LabelTree* tree,
                    std::vector<size_t> truth) {
  Observation observation;
  observation.best = top_labels(scores, logits, 1, tree).front();
  for (const float cosine : scores.negative_cosines) {
    observation.negative_wins = observation.negative_wins || cosine > observation.best.cosine;
  }
  if (tree != nullptr) {
    observation.above = hedging_path(scores, logits, *tree, nullptr);
    observation.best = observation.above.front();
    observation.above.erase(observation.above.begin());
  }
  observation.truth = std::move(truth);
  return observation;
}

/// Six decimals are more than cosines are worth.
void round_all(std::vector<double>& values) {
  for (double& value : values) value = std::round(value * 1e6) / 1e6;
}

JudgedStatement judged_statement(const Observation& observation, const SetCalibration& calibration,
                                 const LabelTree* tree) {
  JudgedStatement statement;
  const ScoredLabel& best = observation.best;
  statement.label = best.label;
  statement.cosine = best.cosine;
  statement.probability = best.probability;
  statement.z = z_score(calibration, best.label, best.cosine);
  statement.out_of_set = observation.truth.empty();
  statement.vetoed = observation.negative_wins;
  statement.is_true = is_true_of(tree, observation.truth, best.label);
  for (const ScoredLabel& name : observation.above) {
    statement.hypernyms.push_back({name.label, name.cosine, name.probability,
                                   z_score(calibration, name.kind, name.cosine),
                                   is_true_of(tree, observation.truth, name.label)});
  }
  return statement;
}

/// Fits what the observations allow: confidence that is the chance of being true, or, without truth, the
/// share of background images that would say less.
void fit(StoredCalibration& stored, const std::vector<Observation>& background,
         const std::vector<Observation>& truth, const LabelTree* tree, const CalibrateArguments& arguments) {
  SetCalibration& calibration = stored.calibration;
  if (truth.empty()) {
    std::vector<double> best_z;
    best_z.reserve(background.size());
    for (const Observation& image : background) {
      best_z.push_back(z_score(calibration, image.best.label, image.best.cosine));
    }
    fit_to_background(calibration, std::move(best_z));
    return;
  }
  std::vector<JudgedStatement> statements;
  for (const Observation& image : truth) {
    stored.absent_images += image.truth.empty() ? 1U : 0U;
    statements.push_back(judged_statement(image, calibration, tree));
  }
  CalibrationTargets targets;
  targets.precision = arguments.precision;
  targets.false_on_absent = arguments.false_on_absent;
  fit_confidence(calibration, statements, targets);
}

}  // namespace

int run_calibrate(const CalibrateArguments& arguments, Console& console) {
  const bool has_truth = !arguments.truth.inputs.empty() || !arguments.truth.list.empty();
  const Engine engine = open_engine(arguments.model, arguments.truth.limits, /*many_images=*/true, console);
  const ImageTextEncoder& encoder = engine.parts().encoder();
  const auto opened = open_one_set(arguments.truth.set, engine, RankRule::kProbability);
  const LabelBank& bank = *opened;
  const EmbeddedLabelSet& embedded = bank.sets().front();
  const LabelSet& set = embedded.chosen.set;
  const ClassMap classes = load_class_map(arguments.truth, set);
  const LogitRule logits{encoder.logit_multiplier(), encoder.logit_bias()};

  LabelMoments moments(set.labels.size());
  std::vector<Observation> background;
  std::vector<Observation> truth;
  LabelledOptions unsorted = arguments.truth;
  unsorted.inputs = arguments.backgrounds;
  unsorted.list.clear();
  size_t failed = 0;
  if (!arguments.backgrounds.empty()) {
    failed += for_each_labelled_image(unsorted, engine, bank, console, [&](const LabelledImage& image) {
      refuse_input_as_output(arguments.output, {image.path});
      moments.add(image.scores.front().cosines);
      if (!has_truth) background.push_back(observe(image.scores.front(), logits, embedded.tree.get(), {}));
    });
  }
  if (has_truth) {
    failed +=
        for_each_labelled_image(arguments.truth, engine, bank, console, [&](const LabelledImage& image) {
          refuse_input_as_output(arguments.output, {image.path});
          if (arguments.backgrounds.empty()) moments.add(image.scores.front().cosines);
          truth.push_back(observe(image.scores.front(), logits, embedded.tree.get(),
                                  classes.labels_of(image.class_name)));
        });
  }

  StoredCalibration stored;
  stored.model = engine.model_name();
  stored.set = set.name;
  stored.embeddings_key = embedded.key;
  stored.fingerprint = encoder.fingerprint();
  stored.logit_scale = logits.scale;
  for (const Label& label : set.labels) stored.labels.push_back(label.name);
  stored.background_images = moments.images();
  stored.truth_images = truth.size();
  stored.calibration.means = moments.means();
  stored.calibration.deviations = moments.deviations();
  round_all(stored.calibration.means);
  round_all(stored.calibration.deviations);
  fit(stored, background, truth, embedded.tree.get(), arguments);
  round_all(stored.calibration.offsets);
  const std::filesystem::path path = arguments.output.empty()
                                         ? calibration_destination(engine.parts().model.entry, embedded)
                                         : std::filesystem::path(arguments.output);
  write_file_atomically(path, calibration_json(stored));
  console.note("label set " + printable(set.name) + ": from " + std::to_string(stored.background_images) +
               " background images and " + std::to_string(stored.truth_images) + " of known classes, " +
               std::to_string(stored.absent_images) +
               " of these out of set; selects labels with a confidence of at least " +
               std::to_string(stored.calibration.min_confidence).substr(0, 4));
  write_line(path.string());
  return failed > 0 ? 1 : 0;
}

}  // namespace kiloword::cli
