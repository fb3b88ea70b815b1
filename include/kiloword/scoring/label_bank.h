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

/// A label set and the embeddings that images are compared with.
struct EmbeddedLabelSet {
  ChosenLabelSet chosen;
  std::string key;       ///< identifies the embeddings by all their inputs, and the hypernyms
  Embeddings labels;     ///< [L, D]: norm(mean over prompt templates of norm(f(text))) (Radford et al.
                         ///< 2021, 3.1.4), or, with examples, the result of mix_examples; 0 for a
                         ///< label without a text of its own
  Embeddings negatives;  ///< [N, D]
  std::shared_ptr<const SetCalibration> calibration;  ///< may be null
  std::shared_ptr<const LabelTree> tree;              ///< null: no label is a kind of another
  std::optional<std::string> warning;  ///< about texts that the model truncates (see cut_text_warning)
};

/// Called while texts are embedded, at most several times a second. Texts embedded by an earlier run or
/// another process count as done.
using EmbeddingProgress = std::function<void(int64_t done, int64_t total)>;

/// What to embed if all texts that are not cached would take too long.
struct EmbeddingLimits {
  double seconds = std::numeric_limits<double>::infinity();
  /// Sets that are embedded first and in any case, by the last part of their names ("medium" includes
  /// "nano/medium"). If the bank has none of them, there is no limit.
  std::vector<std::string> first;
};

/// The embedded label sets of a run.
class LabelBank {
 public:
  /// Embeds texts that are not in `cache`, in parts of less than two seconds that are cached immediately: an
  /// interrupted run resumes, and processes that embed the same set at the same time share the work. With a
  /// causal text tower, shared prefixes are computed once. Sets that exceed `limits` are not in the bank, nor
  /// are sets gated by them; texts of theirs that were embedded stay in `cache`.
  LabelBank(std::vector<ChosenLabelSet> sets, ImageTextEncoder& encoder, const EmbeddingCache& cache,
            const EmbeddingProgress& progress = {}, const EmbeddingLimits& limits = {});

  const std::vector<EmbeddedLabelSet>& sets() const { return sets_; }
  /// Names of the sets that exceeded the limits, in order.
  const std::vector<std::string>& left_out() const { return left_out_; }
  /// Number of texts that this process embedded; 0 if all were cached.
  int64_t texts_encoded() const { return texts_encoded_; }

  /// For each of the unit image embeddings [B, D], its cosines with every label and negative of every set.
  std::vector<std::vector<SetScores>> score(const Embeddings& images) const;

  /// Changes whenever scores or their ranking may change, with label texts and their embeddings, statements
  /// and rules.
  std::string fingerprint() const;

  /// Sets the calibration of set number `set`. Throws Error(kInternal) if it is not sound for that set.
  void calibrate(size_t set, std::shared_ptr<const SetCalibration> calibration);

  /// The selection rules of the sets, in order.
  std::vector<SelectionRules> rules() const;

 private:
  std::vector<EmbeddedLabelSet> sets_;
  std::vector<std::string> left_out_;
  int64_t texts_encoded_ = 0;
};

}  // namespace kiloword
