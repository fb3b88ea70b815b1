#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "kiloword/decision/calibration.h"
#include "kiloword/labels/label_set.h"
#include "kiloword/labels/label_tree.h"

namespace kiloword {

/// How the best statements of different sets are compared.
enum class RankRule {
  kCalibrated,   ///< as kProbability, but by calibrated confidence, and its threshold, where a set has a
                 ///< calibration
  kProbability,  ///< by the LogitRule's probability, with thresholds, gates and negatives
  kCosine,  ///< the plain rule, without calibration: by raw cosine; thresholds, gates and negatives do not
            ///< apply
};

/// How a model's cosines become probabilities.
struct LogitRule {
  double scale = 100.0;  ///< the factor of cosines: exp(logit_scale), CLIP: about 100
  /// For a model trained with a sigmoid loss (SigLIP): probability = sigmoid(scale * cosine + bias),
  /// independently for each text. None: softmax(scale * cosine) over the competing texts.
  std::optional<double> bias;
};

/// The scores of one image against one set.
struct SetScores {
  /// [L], each in -1..1; never empty. The cosine of a label without a text of its own is ignored.
  std::vector<float> cosines;
  std::vector<float> negative_cosines;  // may be empty
};

/// What a set requires of its statements.
struct SelectionRules {
  bool selected = true;  ///< false: scored for another set's gate only
  double min_confidence = 0.0;
  std::optional<OpenGate> gate;
  std::shared_ptr<const SetCalibration> calibration;  ///< sound for the set; may be null
  std::shared_ptr<const LabelTree> tree = nullptr;    ///< null: no label is a kind of another
};

/// A label of one set with its numbers.
struct ScoredLabel {
  size_t label = 0;          ///< index in the set
  double cosine = 0.0;       ///< -1..1
  double probability = 0.0;  ///< by a LogitRule; a softmax is over the set's labels and negatives
  double confidence =
      0.0;          ///< 0..1, compared with thresholds and between sets: calibrated, or the probability
  size_t kind = 0;  ///< the label whose cosine this is: for a hypernym, its best kind or itself; else `label`
};

/// The label with the highest cosine, the first among equals; with a `tree`, among labels with a text of
/// their own. Throws Error(kInternal) if there is none.
size_t best_label(const SetScores& scores, const LabelTree* tree = nullptr);

/// The `count` best labels of a set, best first; equal cosines keep the order of the set. With a `tree`,
/// labels without a text of their own are skipped, so there may be fewer. Throws Error(kInternal) if a cosine
/// is not finite or the set is empty.
std::vector<ScoredLabel> top_labels(const SetScores& scores, const LogitRule& logits, size_t count,
                                    const LabelTree* tree = nullptr);

/// The names that a set with a tree may give to an image, from the most specific one, the best label or the
/// best leaf below it, up to the root. The numbers of a name with kinds are
/// - probability: the sum of its kinds' and of its own text's (Deng et al. 2012, section 3); where texts do
///   not compete (LogitRule::bias), the probability that any of them is true, 1 - product(1 - p);
/// - cosine: that of its best kind, or of its own text if that is better;
/// - confidence: the probability, or, with a `calibration` (may be null), calibrated_confidence() of these
///   numbers with the best kind's z-score and its own offset, and never below that of a more specific name:
///   confidence in "chihuahua" implies confidence in "dog".
std::vector<ScoredLabel> hedging_path(const SetScores& scores, const LogitRule& logits, const LabelTree& tree,
                                      const SetCalibration* calibration);

/// The reason why a set's best statement is rejected.
enum class Rejection {
  kNone,             ///< selected
  kNotSelected,      ///< the set was not chosen, but only used by a gate
  kGate,             ///< the gate is closed
  kNegativeWins,     ///< a negative fits better than every label
  kBelowConfidence,  ///< below the threshold
  kNotAmongTopK,     ///< enough better statements were selected
};

/// A clause for people: "its gate is closed"; empty for kNone.
std::string_view rejection_reason(Rejection rejection);

/// A statement of one set, the best or a further one.
struct Candidate {
  size_t set = 0;  ///< index in the list of sets
  ScoredLabel
      best;  ///< the statement: the label of the highest cosine or, in a set with a tree, a name of `path`
  Rejection rejection = Rejection::kNone;
  std::vector<ScoredLabel> path = {};  ///< hedging_path of a set with a tree, else empty

  bool said() const { return rejection == Rejection::kNone; }
};

struct RankOptions {
  RankRule rule = RankRule::kCalibrated;
  size_t top_k = 3;                      ///< maximum number of statements selected
  size_t per_set = 1;                    ///< of these, maximum per set
  std::optional<double> min_confidence;  ///< overrides every set's own; the only one for kCosine
  LogitRule logits;
};

/// One candidate per set, and further ones by `per_set`, best first: by confidence (kCalibrated,
/// kProbability) or cosine (kCosine) descending, ties in the order of the sets. The first `top_k` that are
/// not rejected are selected; reasons are checked in the order of Rejection. A gate is open if the best label
/// of its set is listed and no negative of that set beats it.
///
/// A set with a tree hedges: it selects the first name of its hedging_path whose confidence reaches the
/// threshold, so "a dog" rather than the wrong breed, and never both (Deng, Krause, Berg and Fei-Fei 2012,
/// "Hedging Your Bets: Optimizing Accuracy-Specificity Trade-offs in Large Scale Visual Recognition"; their
/// accuracy guarantee is the threshold here, and the most specific name has the highest reward). If no name
/// reaches it, the candidate is the best label, rejected.
///
/// With `per_set` above 1, further candidates of a set with a selected one follow: the hedged names of its
/// next best labels whose confidence reaches the threshold, that no negative beats, and that are neither a
/// kind nor a hypernym of one selected before.
///
/// With kCosine, every chosen set gives a statement, regardless of its gate, negatives and threshold, without
/// hedging.
///
/// `rules[i]` belongs to `scores[i]`. Throws Error(kInternal) if the two differ in length, a gate refers to a
/// missing set, a set is empty, a calibration or a tree has another number of labels, or a cosine is not
/// finite. Linear in the number of labels.
std::vector<Candidate> rank_statements(const std::vector<SetScores>& scores,
                                       const std::vector<SelectionRules>& rules, const RankOptions& options);

}  // namespace kiloword
