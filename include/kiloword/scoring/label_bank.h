#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/decision/ranking.h"
#include "kiloword/labels/catalog.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/scoring/embedding_cache.h"

namespace kiloword {

/// A label set with the embeddings that images are compared to.
struct EmbeddedLabelSet {
  ChosenLabelSet chosen;
  std::string key;    ///< identifies the embeddings by everything they are computed from, and the hypernyms
  Embeddings labels;  ///< [L, D]: norm(mean over prompt templates of norm(f(text))) (Radford et al.
                      ///< 2021, 3.1.4), or, with examples, the result of mix_examples; 0 for a
                      ///< label without a text of its own
  Embeddings negatives;                               ///< [N, D]
  std::shared_ptr<const SetCalibration> calibration;  ///< may be null
  std::shared_ptr<const LabelTree> tree;              ///< null: no label is a kind of another
  std::optional<std::string> warning;  ///< of texts that the model truncates (see cut_text_warning)
};

/// Called while texts are embedded, several times a second at most, with the number done and the number in
/// all; texts done by an earlier run or another process count as done.
using EmbeddingProgress = std::function<void(int64_t done, int64_t total)>;

/// Limits of embedding, if all missing texts would take too long.
struct EmbeddingLimits {
  double seconds = std::numeric_limits<double>::infinity();
  /// Sets that are embedded all the same, before the others, by the last part of their names ("medium":
  /// "nano/medium" too). Where no set of the bank is one of them, there is no limit.
  std::vector<std::string> first;
};

/// The label sets of a run, embedded. Cached embeddings are not computed again.
class LabelBank {
 public:
  /// Texts go through `encoder` in parts of less than two seconds, each of which `cache` keeps at once: a run
  /// that is stopped resumes, and processes that embed the same set at the same time share the work. Of a
  /// causal text tower, shared prefixes are computed once.
  /// Sets that `limits` leaves no time for are not in the bank, nor are those that they are gates of; what
  /// was embedded of them stays in `cache`.
  LabelBank(std::vector<ChosenLabelSet> sets, ImageTextEncoder& encoder, const EmbeddingCache& cache,
            const EmbeddingProgress& progress = {}, const EmbeddingLimits& limits = {});

  const std::vector<EmbeddedLabelSet>& sets() const { return sets_; }
  /// Names of the sets that there was no time for, in their order.
  const std::vector<std::string>& left_out() const { return left_out_; }
  /// How many texts this process embedded; 0 when the cache held everything.
  int64_t texts_encoded() const { return texts_encoded_; }

  /// For each of the unit image embeddings [B, D]: its cosines with every label and negative of every set.
  std::vector<std::vector<SetScores>> score(const Embeddings& images) const;

  /// Changes whenever scores or their ranking may change: label texts and their embeddings, statements,
  /// rules.
  std::string fingerprint() const;

  /// From now on the rules of set number `set` carry `calibration`. Throws Error(kInternal) when it is not
  /// sound for that set.
  void calibrate(size_t set, std::shared_ptr<const SetCalibration> calibration);

  /// The rules of the sets, in their order.
  std::vector<SelectionRules> rules() const;

 private:
  std::vector<EmbeddedLabelSet> sets_;
  std::vector<std::string> left_out_;
  int64_t texts_encoded_ = 0;
};

}  // namespace kiloword
