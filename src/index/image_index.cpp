#include "kiloword/index/image_index.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "index/half.h"
#include "index/index_state.h"
#include "kiloword/base/error.h"
#include "kiloword/base/hash.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr Nanoseconds kSecond = 1'000'000'000;

}  // namespace

ContentHash content_hash(std::string_view bytes) {
  const std::string digits = Fingerprint().add(bytes).hex();
  return {std::stoull(digits.substr(0, 16), nullptr, 16), std::stoull(digits.substr(16), nullptr, 16)};
}

void put_entry(std::string& table, const IndexEntry& entry) {
  put_number(table, entry.replaces);
  put_number(table, entry.stamp.bytes);
  put_number(table, static_cast<uint64_t>(static_cast<int64_t>(entry.stamp.mtime_ns / kSecond)));
  put_number(table, static_cast<uint64_t>(static_cast<int64_t>(entry.stamp.mtime_ns % kSecond)));
  put_number(table, entry.content.first);
  put_number(table, entry.content.second);
  put_text(table, entry.path);
}

std::optional<IndexEntry> read_entry(TableReader& table) {
  IndexEntry entry;
  uint64_t seconds = 0;
  uint64_t nanoseconds = 0;
  for (uint64_t* number : {&entry.replaces, &entry.stamp.bytes, &seconds, &nanoseconds, &entry.content.first,
                           &entry.content.second}) {
    const std::optional<uint64_t> next = table.number();
    if (!next) return std::nullopt;
    *number = *next;
  }
  entry.stamp.mtime_ns = static_cast<int64_t>(seconds) * kSecond + static_cast<int64_t>(nanoseconds);
  const std::optional<std::string_view> path = table.text();
  if (!path) return std::nullopt;
  entry.path = *path;
  return entry;
}

std::string about_table(const IndexKey& key) {
  std::string table;
  put_number(table, key.dim);
  for (const std::string* text : {&key.model, &key.fingerprint, &key.decoding, &key.root})
    put_text(table, *text);
  return table;
}

void ImageIndex::State::refuse_damaged() const {
  throw Error(ErrorKind::kModel, "the index is damaged", path, "repair it with 'kiloword index'");
}

void ImageIndex::State::read_about(const IndexBlock& block) {
  TableReader table(block.table);
  key.dim = table.number().value_or(0);
  for (std::string* text : {&key.model, &key.fingerprint, &key.decoding, &key.root}) {
    *text = table.text().value_or("");
  }
  if (key.dim == 0 || key.dim > kMaxIndexDim || key.fingerprint.empty()) refuse_damaged();
}

void ImageIndex::State::drop(uint64_t row) {
  if (!live[row]) return;
  live[row] = false;
  --live_rows;
}

bool ImageIndex::State::read_images(const IndexBlock& block) {
  TableReader table(block.table);
  const size_t first_row = live.size();
  const char* begin = file.bytes().data();
  std::vector<uint64_t> replaced;
  std::vector<uint64_t> offsets;
  for (size_t i = 0; i < block.rows; ++i) {
    offsets.push_back(static_cast<uint64_t>(table.rest().data() - begin));
    const std::optional<IndexEntry> entry = read_entry(table);
    if (!entry) return false;
    if (entry->replaces != kReplacesNone) replaced.push_back(entry->replaces);
  }
  if (!table.at_end()) return false;
  if (std::any_of(replaced.begin(), replaced.end(), [&](uint64_t row) { return row >= first_row; }))
    return false;
  blocks.push_back({block, first_row});
  entries.insert(entries.end(), offsets.begin(), offsets.end());
  live.resize(first_row + block.rows, true);
  live_rows += block.rows;
  for (const uint64_t row : replaced) drop(row);
  return true;
}

bool ImageIndex::State::read_dropped(const IndexBlock& block) {
  TableReader table(block.table);
  std::vector<uint64_t> dropped;
  for (size_t i = 0; i < block.rows; ++i) {
    const std::optional<uint64_t> row = table.number();
    if (!row || *row >= live.size()) return false;
    dropped.push_back(*row);
  }
  for (const uint64_t row : dropped) drop(row);
  return table.at_end();
}

void ImageIndex::State::read() {
  const std::string_view bytes = file.bytes();
  if (bytes.substr(0, kIndexMagic.size()) != kIndexMagic) {
    throw Error(ErrorKind::kModel, "not an index of this version of kiloword", path,
                "create one with 'kiloword index', elsewhere or with --overwrite");
  }
  whole_bytes = kIndexBegin;
  for (bool is_good = true; is_good && whole_bytes < bytes.size();) {
    const std::optional<IndexBlock> block = read_block(bytes.substr(whole_bytes), key.dim);
    if (!block || (whole_bytes == kIndexBegin) != (block->kind == BlockKind::kAbout)) return;
    is_complete = false;
    switch (block->kind) {
      case BlockKind::kAbout:
        read_about(*block);
        break;
      case BlockKind::kImages:
        is_good = read_images(*block);
        break;
      case BlockKind::kDropped:
        is_good = read_dropped(*block);
        break;
      case BlockKind::kEnd:
        is_complete = whole_bytes + block->bytes == bytes.size();
        break;
      default:
        is_good = false;
    }
    if (!is_good) refuse_damaged();
    whole_bytes += block->bytes;
  }
}

std::pair<const IndexBlock*, size_t> ImageIndex::State::place(size_t row) const {
  const auto after =
      std::upper_bound(blocks.begin(), blocks.end(), row,
                       [](size_t wanted, const ImageBlock& block) { return wanted < block.first_row; });
  const ImageBlock& found = *std::prev(after);
  return {&found.block, row - found.first_row};
}

ImageIndex::ImageIndex(const std::string& path, bool incomplete)
    : state_(std::make_unique<const State>(path, MappedFile(path, ErrorKind::kModel))) {
  if (state_->key.dim == 0) state_->refuse_damaged();
  if (!incomplete && !state_->is_complete) {
    throw Error(ErrorKind::kModel, "the index is not finished, or its end is damaged", path,
                "continue with 'kiloword index', or search the images so far with --incomplete");
  }
}

ImageIndex::~ImageIndex() = default;

const std::string& ImageIndex::path() const {
  return state_->path;
}

const IndexKey& ImageIndex::key() const {
  return state_->key;
}

size_t ImageIndex::rows() const {
  return state_->live.size();
}

size_t ImageIndex::live_rows() const {
  return state_->live_rows;
}

bool ImageIndex::is_live(size_t row) const {
  return state_->live[row];
}

bool ImageIndex::is_complete() const {
  return state_->is_complete;
}

std::string_view ImageIndex::image_path(size_t row) const {
  TableReader table(state_->file.bytes().substr(state_->entries[row]));
  return read_entry(table)->path;
}

IndexedImage ImageIndex::image(size_t row) const {
  TableReader table(state_->file.bytes().substr(state_->entries[row]));
  const std::optional<IndexEntry> entry = read_entry(table);
  return {std::string(entry->path), entry->stamp, entry->content};
}

const uint16_t* ImageIndex::halves(size_t row) const {
  const auto [block, place] = state_->place(row);
  if (!block->has_good_row(place, key().dim)) state_->refuse_damaged();
  return block->half_row(place, key().dim);
}

void ImageIndex::copy_embedding(size_t row, float* to) const {
  const uint16_t* stored = halves(row);
  double squares = 0;
  for (size_t d = 0; d < key().dim; ++d) {
    to[d] = half_value(stored[d]);
    squares += static_cast<double>(to[d]) * static_cast<double>(to[d]);
  }
  const auto length = static_cast<float>(std::sqrt(squares));
  if (length > 0) std::for_each(to, to + key().dim, [length](float& value) { value /= length; });
}

std::string find_index(const std::string& folder) {
  std::error_code failed;
  const fs::path start = fs::absolute(folder.empty() ? "." : folder, failed);
  for (fs::path above = start.lexically_normal(); !failed; above = above.parent_path()) {
    if (!above.has_filename()) above = above.parent_path();  // "photos/" is "photos"
    const fs::path index = above / kIndexName;
    if (fs::is_regular_file(index, failed)) {
      return fs::path(folder).is_absolute() ? index.string()
                                            : index.lexically_proximate(fs::current_path()).string();
    }
    failed.clear();
    if (above == above.parent_path()) break;
  }
  throw Error(ErrorKind::kModel, "no index for this folder", folder.empty() ? "." : folder,
              "make one with 'kiloword index FOLDER', or name one with --index");
}

}  // namespace kiloword
