#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/model/image_text_encoder.h"
#include "kiloword/scoring/embedding_cache.h"

namespace kiloword {

/// Rows `first` to `last` - 1 of a set.
struct RowRange {
  int64_t first = 0;
  int64_t last = 0;
};

/// The rows of one set that are computed bit by bit, by any number of processes at once: what one has
/// finished lies beside the cache's file at once, so that a run that is stopped goes on and nobody computes
/// what another is at. Rows are claimed in units of `rows_per_unit`, with locks on the bytes of one file,
/// which the system takes back from a process that ends. Without a cache folder nothing is shared.
class SharedWork {
 public:
  SharedWork(const EmbeddingCache& cache, std::string key, int64_t rows, int64_t dim, int64_t rows_per_unit);
  SharedWork(const SharedWork&) = delete;
  SharedWork& operator=(const SharedWork&) = delete;
  ~SharedWork();

  /// Takes over what others have finished since the last call, and returns the number of finished rows.
  int64_t collect();
  bool complete() const { return open_units_ == 0; }
  /// All rows, those not finished 0: [rows, D].
  const Embeddings& rows() const { return all_; }
  Embeddings take() { return std::move(all_); }

  /// The next rows that nobody is at, at most `units` of units, from now on this process's; none where others
  /// are at all that are left.
  std::optional<RowRange> claim(int64_t units);
  /// Hands over the `rows` of `range`, which was claimed: [last - first, D].
  void finish(const RowRange& range, const Embeddings& rows);
  /// Takes over the claims of others, which have not moved for too long.
  void stop_waiting() { ignores_claims_ = true; }

  /// Stores the complete set under its own key and removes the parts.
  void store() const;

 private:
  int64_t units() const { return static_cast<int64_t>(done_.size()); }
  bool lock(int64_t first, int64_t count) const;
  void unlock(int64_t first, int64_t count) const;
  void mark(const RowRange& range, const float* values);
  void load_part(const std::filesystem::path& file);

  const EmbeddingCache& cache_;
  std::string key_;
  std::filesystem::path folder_;  // empty: nothing is shared
  int64_t rows_per_unit_;
  Embeddings all_;
  std::vector<bool> done_;  // by unit
  int64_t open_units_ = 0;
  int lock_file_ = -1;
  bool ignores_claims_ = false;
};

}  // namespace kiloword
