#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "kiloword/labels/label_set.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/scoring/label_bank.h"

namespace kiloword {

/// Number of texts of `set` to encode, including negatives.
int64_t text_count(const LabelSet& set);

/// Embeds label sets, with rows for labels first, then for negatives, and reports progress.
class SetEmbedder {
 public:
  /// `total`: number of texts of all sets to embed, for `progress`.
  SetEmbedder(ImageTextEncoder& encoder, const EmbeddingCache& cache, const EmbeddingProgress& progress,
              int64_t total);

  /// [labels + negatives, D], stored in the cache under `key` when complete, and until then in parts that
  /// take at most two seconds each. Waits for parts that other processes are working on. None if, after one
  /// second of work, all sets are estimated to take more than `limit_s`.
  std::optional<Embeddings> embed(const LabelSet& set, const std::string& key, double limit_s);

  /// Number of texts that this process encoded.
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
  int64_t done_before_ = 0;  // texts of complete sets
  int64_t told_ = 0;
  int64_t texts_encoded_ = 0;
  double texts_per_s_ = 0;  // of the last part
  double encoding_s_ = 0;
};

}  // namespace kiloword
