#include "scoring/shared_work.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPartEnding = ".emb";

std::string part_name(const RowRange& range) {
  return std::to_string(range.first) + "-" + std::to_string(range.last);
}

/// The rows that the name of a part tells.
std::optional<RowRange> range_of(const std::string& stem) {
  RowRange range;
  const char* end = stem.data() + stem.size();
  const auto first = std::from_chars(stem.data(), end, range.first);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-') return std::nullopt;
  const auto last = std::from_chars(first.ptr + 1, end, range.last);
  if (last.ec != std::errc() || last.ptr != end || range.first < 0 || range.last <= range.first)
    return std::nullopt;
  return range;
}

}  // namespace

SharedWork::SharedWork(const EmbeddingCache& cache, std::string key, int64_t rows, int64_t dim,
                       int64_t rows_per_unit)
    : cache_(cache),
      key_(std::move(key)),
      rows_per_unit_(rows_per_unit),
      all_{rows, dim, std::vector<float>(static_cast<size_t>(rows * dim))},
      done_(static_cast<size_t>((rows + rows_per_unit - 1) / rows_per_unit), false),
      open_units_(units()) {
  if (cache.folder().empty()) return;
  folder_ = cache.folder() / (key_ + ".parts");
  std::error_code ignored;
  fs::create_directories(folder_, ignored);
  lock_file_ = ::open((folder_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock_file_ < 0) folder_.clear();
}

SharedWork::~SharedWork() {
  if (lock_file_ >= 0) ::close(lock_file_);
}

bool SharedWork::lock(int64_t first, int64_t count) const {
  if (folder_.empty() || ignores_claims_) return true;
  struct flock range = {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_start = first;
  range.l_len = count;
  return ::fcntl(lock_file_, F_OFD_SETLK, &range) == 0;
}

void SharedWork::unlock(int64_t first, int64_t count) const {
  if (folder_.empty()) return;
  struct flock range = {};
  range.l_type = F_UNLCK;
  range.l_whence = SEEK_SET;
  range.l_start = first;
  range.l_len = count;
  ::fcntl(lock_file_, F_OFD_SETLK, &range);
}

void SharedWork::mark(const RowRange& range, const float* values) {
  std::copy_n(values, (range.last - range.first) * all_.dim, all_.values.data() + range.first * all_.dim);
  for (int64_t unit = range.first / rows_per_unit_; unit * rows_per_unit_ < range.last; ++unit) {
    if (!done_[static_cast<size_t>(unit)]) --open_units_;
    done_[static_cast<size_t>(unit)] = true;
  }
}

void SharedWork::load_part(const fs::path& file) {
  const std::optional<RowRange> range = range_of(file.stem().string());
  if (!range || range->last > all_.rows || range->first % rows_per_unit_ != 0) return;
  if (range->last % rows_per_unit_ != 0 && range->last != all_.rows) return;
  bool is_new = false;
  for (int64_t row = range->first; row < range->last; row += rows_per_unit_)
    is_new = is_new || !done_[static_cast<size_t>(row / rows_per_unit_)];
  if (!is_new) return;
  const EmbeddingCache parts(folder_);
  const auto rows = parts.load(part_name(*range), range->last - range->first, all_.dim);
  if (rows) mark(*range, rows->values.data());
}

int64_t SharedWork::collect() {
  if (!folder_.empty()) {
    std::error_code failed;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_, failed)) {
      if (entry.path().extension() == kPartEnding) load_part(entry.path());
    }
    // Who finishes the set stores it and removes the parts.
    if (!complete()) {
      if (const auto whole = cache_.load(key_, all_.rows, all_.dim))
        mark({0, all_.rows}, whole->values.data());
    }
  }
  int64_t rows = 0;
  for (int64_t unit = 0; unit < units(); ++unit) {
    if (done_[static_cast<size_t>(unit)]) rows += std::min(rows_per_unit_, all_.rows - unit * rows_per_unit_);
  }
  return rows;
}

std::optional<RowRange> SharedWork::claim(int64_t wanted) {
  for (int64_t unit = 0; unit < units(); ++unit) {
    if (done_[static_cast<size_t>(unit)]) continue;
    int64_t count = 1;
    while (count < wanted && unit + count < units() && !done_[static_cast<size_t>(unit + count)]) ++count;
    while (count > 0 && !lock(unit, count)) count /= 2;
    if (count == 0) continue;
    collect();  // another may have finished them before they could be locked
    int64_t open = 0;
    while (open < count && !done_[static_cast<size_t>(unit + open)]) ++open;
    if (open < count) unlock(unit + open, count - open);
    if (open > 0) return RowRange{unit * rows_per_unit_, std::min(all_.rows, (unit + open) * rows_per_unit_)};
  }
  return std::nullopt;
}

void SharedWork::finish(const RowRange& range, const Embeddings& rows) {
  mark(range, rows.values.data());
  if (folder_.empty()) return;
  EmbeddingCache(folder_).store(part_name(range), rows);
  unlock(range.first / rows_per_unit_, (range.last - range.first + rows_per_unit_ - 1) / rows_per_unit_);
}

void SharedWork::store() const {
  const bool stored = cache_.store(key_, all_);
  std::error_code ignored;
  if (stored && !folder_.empty()) fs::remove_all(folder_, ignored);
}

}  // namespace kiloword
