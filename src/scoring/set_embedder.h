#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "kiloword/labels/label_set.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/scoring/label_bank.h"

namespace kiloword {

/// Texts of `set` that go through the encoder, negatives among them.
int64_t text_count(const LabelSet& set);

/// Embeds label sets, rows of labels first and of negatives behind them, and tells how far it is.
class SetEmbedder {
 public:
  /// `total`: texts of all sets to come, for `progress`.
  SetEmbedder(ImageTextEncoder& encoder, const EmbeddingCache& cache, const EmbeddingProgress& progress,
              int64_t total);

  /// [labels + negatives, D], stored in the cache under `key` when they are complete, and in parts of at most
  /// two seconds' work until then. What other processes are at is waited for. None where, after a second's
  /// work, all sets would take more than `limit_s` in all.
  std::optional<Embeddings> embed(const LabelSet& set, const std::string& key, double limit_s);

  /// Texts that this process has put through the encoder.
  int64_t texts_encoded() const { return texts_encoded_; }

 private:
  Embeddings embed_rows(const LabelSet& set, int64_t first, int64_t last);
  void tell(int64_t done_of_set);
  bool would_take_longer(double limit_s) const;

  ImageTextEncoder& encoder_;
  const EmbeddingCache& cache_;
  const EmbeddingProgress& progress_;
  std::unique_ptr<IncrementalTextEncoder> texts_;
  int64_t total_;
  int64_t done_before_ = 0;  // texts of the sets that are complete
  int64_t told_ = 0;
  int64_t texts_encoded_ = 0;
  double texts_per_s_ = 0;  // of the last part
  double encoding_s_ = 0;
};

}  // namespace kiloword
