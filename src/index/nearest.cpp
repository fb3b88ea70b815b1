#include "kiloword/index/nearest.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <queue>

#include "index/code.h"
#include "index/code_kernel.h"
#include "index/index_state.h"
#include "kiloword/base/for_each_part.h"

namespace kiloword {
namespace {

/// Rows whose products are computed before they are looked at.
constexpr size_t kRowsAtOnce = 256;

/// A row that may be among the best.
struct Possible {
  size_t row = 0;
  float most = 0;  ///< its cosine is this at most
};

/// What the scan of all blocks has found so far.
class Scan {
 public:
  Scan(const ImageIndex& index, const float* query, const NearestOptions& options)
      : index_(index), options_(options), query_(query, index.key().dim), threshold_(options.min_cosine) {}

  /// Scans a block, on any thread.
  void scan(const ImageBlock& block) {
    if (!has_live_rows(block)) return;
    if (!block.block.has_good_codes()) index_.state().refuse_damaged();
    std::array<int32_t, kRowsAtOnce> dots{};
    std::vector<Possible> found;
    std::vector<float> sure;  // cosines are at least these
    float threshold = threshold_;
    for (size_t begin = 0; begin < block.block.rows; begin += kRowsAtOnce) {
      const size_t count = std::min(kRowsAtOnce, block.block.rows - begin);
      const size_t dim = index_.key().dim;
      dot_codes(block.block.code(begin, dim), count, query_.codes.data(), dim, dots.data());
      for (size_t i = 0; i < count; ++i) {
        const CodeScale of = block.block.scale(begin + i, dim);
        const float cosine = query_.cosine(dots[i], of);
        const float bound = query_.bound(of);
        if (cosine + bound < threshold || !is_wanted(block.first_row + begin + i)) continue;
        found.push_back({block.first_row + begin + i, cosine + bound});
        sure.push_back(cosine - bound);
      }
    }
    merge(found, sure);
  }

  /// Those that are left when all blocks have been scanned.
  std::vector<Possible> possible() {
    const float threshold = threshold_;
    found_.erase(std::remove_if(found_.begin(), found_.end(),
                                [threshold](const Possible& row) { return row.most < threshold; }),
                 found_.end());
    return std::move(found_);
  }

 private:
  bool has_live_rows(const ImageBlock& block) const {
    for (size_t i = 0; i < block.block.rows; ++i) {
      if (index_.is_live(block.first_row + i)) return true;
    }
    return false;
  }
  bool is_wanted(size_t row) const {
    return index_.is_live(row) && (!options_.accepts || options_.accepts(row));
  }
  void merge(const std::vector<Possible>& found, const std::vector<float>& sure) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const float cosine : sure) {
      best_.push(cosine);
      if (best_.size() > options_.top) best_.pop();
    }
    if (best_.size() == options_.top && !best_.empty()) threshold_ = std::max(threshold_.load(), best_.top());
    for (const Possible& row : found) {
      if (row.most >= threshold_) found_.push_back(row);
    }
  }

  const ImageIndex& index_;
  const NearestOptions& options_;
  CodedQuery query_;
  std::mutex mutex_;
  std::atomic<float> threshold_;  ///< what a cosine must reach to be among the best
  std::priority_queue<float, std::vector<float>, std::greater<>> best_;  ///< the highest of the sure ones
  std::vector<Possible> found_;
};

}  // namespace

std::vector<Match> nearest(const ImageIndex& index, const float* query, const NearestOptions& options) {
  if (options.top == 0) return {};
  Scan scan(index, query, options);
  const std::vector<ImageBlock>& blocks = index.state().blocks;
  for_each_part(blocks.size(), options.threads, [&](size_t part) { scan.scan(blocks[part]); });
  std::vector<Match> matches;
  for (const Possible& row : scan.possible()) {
    const float cosine = exact_cosine(query, index.halves(row.row), index.key().dim);
    if (cosine >= options.min_cosine) matches.push_back({row.row, cosine});
  }
  const size_t count = std::min(options.top, matches.size());
  std::partial_sort(matches.begin(), matches.begin() + static_cast<std::ptrdiff_t>(count), matches.end(),
                    [&index](const Match& a, const Match& b) {
                      if (a.cosine != b.cosine) return a.cosine > b.cosine;
                      return index.image_path(a.row) < index.image_path(b.row);
                    });
  matches.resize(count);
  return matches;
}

}  // namespace kiloword
