#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>

#include "index/code.h"
#include "index/code_kernel.h"
#include "index/index_state.h"
#include "kiloword/base/for_each_part.h"
#include "kiloword/index/nearest.h"

namespace kiloword {
namespace {

constexpr size_t kRowsAtOnce = 256;
/// How far from 1 the length of 16-bit floats may be.
constexpr float kLengthError = 1e-3F;

/// Rows that belong together (union-find with path halving).
class Groups {
 public:
  explicit Groups(size_t rows) : parent_(rows), least_(rows, 1.0F) {
    std::iota(parent_.begin(), parent_.end(), size_t{0});
  }
  size_t group_of(size_t row) {
    while (parent_[row] != row) row = parent_[row] = parent_[parent_[row]];
    return row;
  }
  void join(size_t a, size_t b, float cosine) {
    const std::lock_guard<std::mutex> lock(mutex_);
    a = group_of(a);
    b = group_of(b);
    if (a == b) return;
    parent_[b] = a;
    least_[a] = std::min({least_[a], least_[b], cosine});
  }
  float least(size_t group) const { return least_[group]; }

 private:
  std::vector<size_t> parent_;
  std::vector<float> least_;
  std::mutex mutex_;
};

std::vector<float> embedding_of(const ImageIndex& index, size_t row) {
  std::vector<float> values(index.key().dim);
  index.copy_embedding(row, values.data());
  return values;
}

float cosine_of(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t d = 0; d < a.size(); ++d) sum += static_cast<double>(a[d]) * static_cast<double>(b[d]);
  return std::min(static_cast<float>(sum), 1.0F);
}

class Comparison {
 public:
  Comparison(const ImageIndex& index, const NearestOptions& options) : index_(index), groups_(index.rows()) {
    least_ = options.min_cosine;
    for (size_t row = 0; row < index.rows(); ++row) {
      wanted_.push_back(index.is_live(row) && (!options.accepts || options.accepts(row)));
    }
  }

  /// Compares the rows of a block with those that stand before them, a tile at a time.
  void compare(const ImageBlock& block) {
    for (size_t i = 0; i < block.block.rows; ++i) {
      const size_t row = block.first_row + i;
      if (!wanted_[row]) continue;
      const Query query(embedding_of(index_, row), row);
      for (const ImageBlock& other : index_.state().blocks) {
        if (other.first_row > row) break;
        const size_t rows = std::min<size_t>(other.block.rows, row - other.first_row);
        for (size_t begin = 0; begin < rows; begin += kRowsAtOnce) {
          compare(query, other, begin, std::min(kRowsAtOnce, rows - begin));
        }
      }
    }
  }

  std::vector<DuplicateGroup> groups() {
    std::map<size_t, DuplicateGroup> by_root;
    for (size_t row = 0; row < wanted_.size(); ++row) {
      if (wanted_[row]) by_root[groups_.group_of(row)].rows.push_back(row);
    }
    std::vector<DuplicateGroup> found;
    const auto by_path = [this](size_t a, size_t b) { return index_.image_path(a) < index_.image_path(b); };
    for (auto& [root, group] : by_root) {
      if (group.rows.size() < 2) continue;
      std::sort(group.rows.begin(), group.rows.end(), by_path);
      group.least_cosine = groups_.least(root);
      found.push_back(std::move(group));
    }
    std::sort(found.begin(), found.end(), [&](const DuplicateGroup& a, const DuplicateGroup& b) {
      return by_path(a.rows.front(), b.rows.front());
    });
    return found;
  }

 private:
  struct Query {
    Query(std::vector<float> of, size_t its_row)
        : row(its_row), embedding(std::move(of)), coded(embedding.data(), embedding.size()) {}

    size_t row;
    std::vector<float> embedding;
    CodedQuery coded;
  };

  /// Joins the query with those of `count` rows of a block, from its row `begin` on, that are near enough.
  void compare(const Query& query, const ImageBlock& other, size_t begin, size_t count) {
    const size_t dim = query.embedding.size();
    std::array<int32_t, kRowsAtOnce> dots{};
    dot_codes(other.block.code(begin, dim), count, query.coded.codes.data(), dim, dots.data());
    for (size_t k = 0; k < count; ++k) {
      const size_t row = other.first_row + begin + k;
      const CodeScale of = other.block.scale(begin + k, dim);
      if (!wanted_[row] || query.coded.cosine(dots[k], of) + query.coded.bound(of) + kLengthError < least_)
        continue;
      const float cosine = cosine_of(query.embedding, embedding_of(index_, row));
      if (cosine >= least_) groups_.join(query.row, row, cosine);
    }
  }

  const ImageIndex& index_;
  Groups groups_;
  float least_ = 1;
  std::vector<bool> wanted_;
};

}  // namespace

std::vector<DuplicateGroup> duplicates(const ImageIndex& index, const NearestOptions& options,
                                       const std::function<void(size_t done)>& progress) {
  const std::vector<ImageBlock>& blocks = index.state().blocks;
  for (const ImageBlock& block : blocks) {
    if (!block.block.has_good_codes()) index.state().refuse_damaged();
  }
  Comparison comparison(index, options);
  std::mutex mutex;
  size_t done = 0;
  for_each_part(blocks.size(), options.threads, [&](size_t part) {
    const ImageBlock& block = blocks[blocks.size() - 1 - part];  // the longest work first
    comparison.compare(block);
    const std::lock_guard<std::mutex> lock(mutex);
    done += block.block.rows;
    if (progress) progress(done);
  });
  return comparison.groups();
}

}  // namespace kiloword
