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

/// Shares the computation of one set's rows among any number of processes. Finished parts are stored next to
/// the cache file immediately, so that an interrupted run resumes and no row is computed twice. Rows are
/// claimed in units of `rows_per_unit` by locks on byte ranges of one file, which the system releases when a
/// process ends. Nothing is shared without a cache folder.
class SharedWork {
 public:
  SharedWork(const EmbeddingCache& cache, std::string key, int64_t rows, int64_t dim, int64_t rows_per_unit);
  SharedWork(const SharedWork&) = delete;
  SharedWork& operator=(const SharedWork&) = delete;
  ~SharedWork();

  /// Loads parts that others have finished since the last call, and returns the number of finished rows.
  int64_t collect();
  bool complete() const { return open_units_ == 0; }
  /// All rows, [rows, D]; unfinished ones are 0.
  const Embeddings& rows() const { return all_; }
  Embeddings take() { return std::move(all_); }

  /// Claims the next unclaimed rows for this process, at most `units` units; none if others have claimed all
  /// remaining ones.
  std::optional<RowRange> claim(int64_t units);
  /// Stores the `rows`, [last - first, D], of the claimed `range`.
  void finish(const RowRange& range, const Embeddings& rows);
  /// Ignores the claims of others, who have made no progress for too long.
  void stop_waiting() { ignores_claims_ = true; }

  /// Stores the complete set under its key and removes the parts.
  void store() const;

 private:
  int64_t units() const { return static_cast<int64_t>(done_.size()); }
  bool lock(int64_t first, int64_t count) const;
  void unlock(int64_t first, int64_t count) const;
  void mark(const RowRange& range, const float* values);
  void load_part(const std::filesystem::path& file);

  const EmbeddingCache& cache_;
  std::string key_;
  std::filesystem::path folder_;  // empty: not shared
  int64_t rows_per_unit_;
  Embeddings all_;
  std::vector<bool> done_;  // by unit
  int64_t open_units_ = 0;
  int lock_file_ = -1;
  bool ignores_claims_ = false;
};

}  // namespace kiloword
