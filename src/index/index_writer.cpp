#include "kiloword/index/index_writer.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "index/half.h"
#include "index/index_state.h"
#include "kiloword/base/atomic_file.h"
#include "kiloword/base/error.h"
#include "kiloword/base/hash.h"
#include "kiloword/batch/output_file.h"

namespace kiloword {
namespace {

constexpr size_t kRowsOfABlock = 1024;
/// A file is written anew where more than one row in so many is not live, and there are at least
/// kRowsOfABlock.
constexpr size_t kMinLiveParts = 4;
/// Longer names are no paths.
constexpr size_t kMaxHeaderBytes = 1 << 20;

std::string new_file(const IndexKey& key) {
  std::string bytes(kIndexMagic);
  bytes.resize(kIndexBegin, '\0');
  append_block(bytes, BlockKind::kAbout, 0, 0, {}, about_table(key));
  return bytes;
}

/// Rows on their way into a file.
struct PendingRows {
  std::vector<uint16_t> halves;
  std::string table;
  uint32_t rows = 0;

  void add(const IndexEntry& entry, const uint16_t* embedding, size_t dim) {
    halves.insert(halves.end(), embedding, embedding + dim);
    put_entry(table, entry);
    ++rows;
  }
  /// The block of these rows; empties them.
  std::string take(size_t dim) {
    std::string bytes;
    if (rows > 0) append_block(bytes, BlockKind::kImages, rows, dim, halves, table);
    *this = PendingRows();
    return bytes;
  }
};

void require_same(const IndexKey& old, const IndexKey& wanted, const std::string& path) {
  if (old.fingerprint != wanted.fingerprint || old.dim != wanted.dim) {
    throw Error(ErrorKind::kModel, "the index was made with another model or precision ('" + old.model + "')",
                path, "name that with --model, or make the index anew with --overwrite");
  }
  if (old.decoding != wanted.decoding) {
    throw Error(ErrorKind::kModel, "the index was made with other options of decoding (" + old.decoding + ")",
                path, "give the same, or rebuild the index with --overwrite");
  }
  if (old.root != wanted.root) {
    throw Error(ErrorKind::kModel, "the index belongs to another folder ('" + old.root + "')", path,
                "name another file with --index");
  }
}

/// Whether the file was begun and nothing of it is whole.
bool is_barely_begun(const std::string& path) {
  const MappedFile file(path, ErrorKind::kModel);
  const std::string_view bytes = file.bytes();
  if (bytes.size() > kMaxHeaderBytes) return false;
  if (bytes.substr(0, kIndexMagic.size()) != kIndexMagic.substr(0, bytes.size())) return false;
  return bytes.size() <= kIndexBegin || !read_block(bytes.substr(kIndexBegin), 0);
}

}  // namespace

struct IndexWriter::State {
  State(const std::string& path, IndexKey wanted, bool overwrite)
      : key(std::move(wanted)), file(path, overwrite ? ExistingOutput::kOverwrite : ExistingOutput::kResume) {
    if (!file.is_regular()) throw Error(ErrorKind::kOutput, "an index must be a regular file", path);
    if (overwrite || is_barely_begun(path)) {
      file.truncate(0);
      append(new_file(key));
    } else {
      old = std::make_unique<ImageIndex>(path, /*incomplete=*/true);
      require_same(old->key(), key, path);
      file.truncate(old->state().whole_bytes);
      read_rows();
    }
  }

  void read_rows();
  std::optional<size_t> row_of(const std::string& path) const;
  void append(const std::string& bytes);
  /// The caller holds the mutex.
  void append_pending() { append(pending.take(key.dim)); }
  void add_row(const IndexedImage& image, const std::vector<uint16_t>& halves);
  std::vector<uint64_t> gone_rows(bool drops_unseen) const;
  void compact();

  IndexKey key;
  OutputFile file;
  std::unique_ptr<ImageIndex> old;  ///< what the file had
  std::unordered_map<uint64_t, size_t> row_of_path;
  std::unordered_map<uint64_t, size_t> row_of_content;
  std::vector<bool> seen;      ///< rows of `old` that are unchanged
  std::vector<bool> changed;   ///< rows of `old` whose images are others now
  std::vector<bool> replaced;  ///< rows of `old` that have successors
  mutable std::mutex mutex;
  PendingRows pending;
  size_t rows = 0;
  size_t live = 0;
  IndexUpdate update;
};

void IndexWriter::State::read_rows() {
  const std::vector<ImageBlock>& blocks = old->state().blocks;
  rows = old->rows();
  live = old->live_rows();
  seen.assign(rows, false);
  changed.assign(rows, false);
  replaced.assign(rows, false);
  for (const ImageBlock& block : blocks) {
    const bool has_good_codes = block.block.has_good_codes();
    for (size_t i = 0; i < block.block.rows; ++i) {
      const size_t row = block.first_row + i;
      // What is damaged is not known by any name, so that it is made again and dropped at the end.
      if (!old->is_live(row) || !has_good_codes || !block.block.has_good_row(i, key.dim)) continue;
      row_of_path[hash64(old->image_path(row))] = row;
      row_of_content[old->image(row).content.first] = row;
    }
  }
}

std::optional<size_t> IndexWriter::State::row_of(const std::string& path) const {
  const auto found = row_of_path.find(hash64(path));
  if (found == row_of_path.end() || old->image_path(found->second) != path) return std::nullopt;
  return found->second;
}

void IndexWriter::State::append(const std::string& bytes) {
  if (bytes.empty()) return;
  try {
    file.write(bytes);
  } catch (const Error& error) {
    throw Error(ErrorKind::kOutput, error.message(), error.where(), "then run 'kiloword index' again");
  }
}

void IndexWriter::State::add_row(const IndexedImage& image, const std::vector<uint16_t>& halves) {
  IndexEntry entry{image.path, image.stamp, image.content, kReplacesNone};
  if (const std::optional<size_t> before = row_of(image.path); before && !replaced[*before]) {
    entry.replaces = *before;
    replaced[*before] = true;
    --live;
  }
  pending.add(entry, halves.data(), key.dim);
  ++rows;
  ++live;
  ++update.added;
  if (pending.rows >= kRowsOfABlock) append_pending();
}

std::vector<uint64_t> IndexWriter::State::gone_rows(bool drops_unseen) const {
  std::vector<uint64_t> gone;
  for (size_t row = 0; row < seen.size(); ++row) {
    if (!old->is_live(row) || seen[row] || replaced[row]) continue;
    const auto known = row_of_path.find(hash64(old->image_path(row)));
    const bool is_damaged = known == row_of_path.end() || known->second != row;
    if (drops_unseen || is_damaged || changed[row]) gone.push_back(row);
  }
  return gone;
}

void IndexWriter::State::compact() {
  const ImageIndex whole(file.path(), /*incomplete=*/false);
  AtomicFile anew(file.path());
  anew.write(new_file(key));
  PendingRows kept;
  for (size_t row = 0; row < whole.rows(); ++row) {
    if (!whole.is_live(row)) continue;
    const IndexedImage image = whole.image(row);
    kept.add({image.path, image.stamp, image.content, kReplacesNone}, whole.halves(row), key.dim);
    if (kept.rows >= kRowsOfABlock) anew.write(kept.take(key.dim));
  }
  std::string last = kept.take(key.dim);
  append_block(last, BlockKind::kEnd, 0, 0, {}, "");
  anew.write(last);
  anew.sync();
  file.replace_by(anew.commit());
}

IndexWriter::IndexWriter(const std::string& path, IndexKey key, bool overwrite)
    : state_(std::make_unique<State>(path, std::move(key), overwrite)) {}

IndexWriter::~IndexWriter() = default;

bool IndexWriter::keep(const std::string& path, const FileStamp& stamp) {
  const std::optional<size_t> row = state_->row_of(path);
  if (!row) return false;
  const std::lock_guard<std::mutex> lock(state_->mutex);
  if (!(state_->old->image(*row).stamp == stamp)) {
    state_->changed[*row] = true;
    return false;
  }
  if (!state_->seen[*row]) ++state_->update.kept;
  state_->seen[*row] = true;
  return true;
}

std::optional<size_t> IndexWriter::find(const ContentHash& content) const {
  const auto found = state_->row_of_content.find(content.first);
  if (found == state_->row_of_content.end()) return std::nullopt;
  if (!(state_->old->image(found->second).content == content)) return std::nullopt;
  return found->second;
}

void IndexWriter::add(const IndexedImage& image, const float* embedding) {
  std::vector<uint16_t> halves(state_->key.dim);
  for (size_t d = 0; d < halves.size(); ++d) {
    if (!(std::abs(embedding[d]) <= 1.001F)) {
      throw Error(ErrorKind::kModel, "the model gives no embedding of unit length", image.path);
    }
    halves[d] = half_of(embedding[d]);
  }
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->add_row(image, halves);
}

void IndexWriter::add_known(const IndexedImage& image, size_t row) {
  const uint16_t* known = state_->old->halves(row);
  const std::vector<uint16_t> halves(known, known + state_->key.dim);
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->add_row(image, halves);
  ++state_->update.known;
}

void IndexWriter::flush() {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->append_pending();
}

void IndexWriter::finish(bool drops_gone) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->append_pending();
  const std::vector<uint64_t> gone = state_->gone_rows(drops_gone);
  std::string bytes;
  for (size_t begin = 0; begin < gone.size(); begin += kMaxBlockRows) {
    const size_t end = std::min<size_t>(gone.size(), begin + kMaxBlockRows);
    std::string table;
    for (size_t i = begin; i < end; ++i) put_number(table, gone[i]);
    append_block(bytes, BlockKind::kDropped, static_cast<uint32_t>(end - begin), 0, {}, table);
  }
  state_->append(bytes);
  state_->live -= gone.size();
  state_->update.dropped = gone.size();
  ::fsync(state_->file.descriptor());
  std::string end;
  append_block(end, BlockKind::kEnd, 0, 0, {}, "");
  state_->append(end);
  ::fsync(state_->file.descriptor());
  const size_t dead = state_->rows - state_->live;
  if (dead * kMinLiveParts > state_->rows && state_->rows >= kRowsOfABlock) state_->compact();
}

IndexUpdate IndexWriter::update() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  return state_->update;
}

}  // namespace kiloword
