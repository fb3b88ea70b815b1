#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "kiloword/labels/calibration.h"

namespace kiloword {

/// How the best statements of different sets are compared.
enum class RankRule {
  kCalibrated,   ///< as kProbability, but by calibrated confidence, and its threshold, where a set has a
                 ///< calibration
  kProbability,  ///< by the LogitRule's probability, with thresholds, gates and negatives
  kCosine,  ///< the plain rule of the first system: by raw cosine; thresholds, gates and negatives do not
            ///< apply
};

/// How a model's cosines become probabilities.
struct LogitRule {
  double scale = 100.0;  ///< what cosines are multiplied by: exp(logit_scale), CLIP: about 100
  /// Of a model trained with a sigmoid (SigLIP): probability = sigmoid(scale * cosine + bias), of each text
  /// by itself. None: softmax(scale * cosine) over the texts that compete.
  std::optional<double> bias;
};

/// What one image scores against one set.
struct SetScores {
  std::vector<float> cosines;           // [L], each in -1..1; never empty
  std::vector<float> negative_cosines;  // may be empty
};

/// A gate in indices: open when the best label of set number `set` is one of `labels`.
struct OpenGate {
  size_t set = 0;
  std::vector<size_t> labels;  ///< sorted
};

/// What a set asks for before it speaks.
struct SetRules {
  bool spoken = true;  ///< false: scored for another set's gate only
  double min_confidence = 0.0;
  std::optional<OpenGate> gate;
  std::shared_ptr<const SetCalibration> calibration;  ///< sound for the set; may be null
};

/// A label of one set with its numbers.
struct ScoredLabel {
  size_t label = 0;          ///< index in the set
  double cosine = 0.0;       ///< -1..1
  double probability = 0.0;  ///< by a LogitRule; a softmax is over the set's labels and negatives
  double confidence =
      0.0;  ///< 0..1, what thresholds and sets are compared by: calibrated, or the probability
};

/// The `count` best labels of a set, best first; equal cosines keep the order of the set.
/// Throws Error(kInternal) when a cosine is not finite or the set is empty.
std::vector<ScoredLabel> top_labels(const SetScores& scores, const LogitRule& logits, size_t count);

/// Why a set's best statement is not said.
enum class LeftOut {
  kNone,             ///< it is said
  kNotSpoken,        ///< the set was not chosen, only a gate looks at it
  kGate,             ///< the gate is closed
  kNegativeWins,     ///< a negative fits better than every label
  kBelowConfidence,  ///< under the least confidence asked for
  kNotAmongTopK,     ///< enough better statements are said
};

/// A clause for people: "its gate is closed"; empty for kNone.
std::string_view left_out_reason(LeftOut left_out);

/// The best statement of one set.
struct Candidate {
  size_t set = 0;  ///< index in the list of sets
  ScoredLabel best;
  LeftOut left_out = LeftOut::kNone;

  bool said() const { return left_out == LeftOut::kNone; }
};

struct RankOptions {
  RankRule rule = RankRule::kCalibrated;
  size_t top_k = 3;                      ///< statements that are said at most
  std::optional<double> min_confidence;  ///< in place of every set's own; the only threshold of kCosine
  LogitRule logits;
};

/// One candidate per set, best first: by confidence (kCalibrated, kProbability) or cosine (kCosine)
/// descending, ties in the order of the sets. The first `top_k` that nothing speaks against are said; reasons
/// are looked for in the order of LeftOut. A gate is open when the best label of its set is listed and no
/// negative of that set beats it.
///
/// With kCosine every chosen set may speak, whatever its gate, its negatives and its own threshold say.
///
/// `rules[i]` belongs to `scores[i]`. Throws Error(kInternal) when the two differ in length, a gate names a
/// set that is not there, a set is empty, a calibration is for another number of labels, or a cosine is not
/// finite. Linear in the number of labels.
std::vector<Candidate> rank_statements(const std::vector<SetScores>& scores,
                                       const std::vector<SetRules>& rules, const RankOptions& options);

}  // namespace kiloword
