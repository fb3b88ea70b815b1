#include "tokenizer/tokenizer_json_parts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using nlohmann::json;

constexpr size_t kMaxDepth = 32;
constexpr std::array<std::string_view, 5> kNeeded{"model", "added_tokens", "normalizer", "pre_tokenizer",
                                                  "post_processor"};

/// Receives the file value by value (the interface of json::sax_parse()).
class PartsReader {
 public:
  bool null() { return scalar(nullptr); }
  bool boolean(bool value) { return scalar(value); }
  bool number_integer(int64_t value) { return number(value); }
  bool number_unsigned(uint64_t value) { return number(value); }
  bool number_float(double value, const std::string& /*spelling*/) { return number(value); }
  bool string(std::string& value) {
    if (!in_list()) return scalar(std::move(value));
    if (depth_ != kEntryDepth || values_ != 0) return flawed_piece();
    parts_.pieces.push_back({std::move(value), 0.0});
    ++values_;
    return true;
  }
  bool binary(json::binary_t& /*value*/) { return false; }
  bool key(std::string& value) {
    if (in_list()) return flawed_piece();
    key_ = std::move(value);
    if (depth_ == 1) {
      member_ = key_;
      is_needed_ = std::find(kNeeded.begin(), kNeeded.end(), key_) != kNeeded.end();
    }
    return true;
  }
  bool start_object(size_t /*size*/) { return in_list() ? flawed_piece() : open(json::object()); }
  bool end_object() { return close(); }
  bool start_array(size_t /*size*/) {
    if (in_list()) {
      if (++depth_ != kEntryDepth) return flawed_piece();
      values_ = 0;
      return true;
    }
    const bool is_list = depth_ == 2 && member_ == "model" && key_ == "vocab" && open_.back()->is_object();
    if (!open(json::array())) return false;
    if (is_list) {
      list_depth_ = depth_;
      parts_.has_piece_list = true;
      parts_.pieces.clear();
    }
    return true;
  }
  bool end_array() {
    if (in_list() && depth_ == kEntryDepth) {
      --depth_;
      return values_ == 2 || flawed_piece();
    }
    list_depth_ = 0;
    return close();
  }
  bool parse_error(size_t /*position*/, const std::string& /*token*/, const json::exception& /*error*/) {
    return false;
  }

  bool has_flawed_piece() const { return has_flawed_piece_; }
  TokenizerJsonParts take() { return std::move(parts_); }

 private:
  static constexpr size_t kEntryDepth = 4;  // file, model, vocab, entry

  bool in_list() const { return list_depth_ > 0; }
  bool flawed_piece() {
    has_flawed_piece_ = true;
    return false;
  }
  bool is_kept() const { return depth_ == 0 || is_needed_; }

  /// The value's place in the tree.
  json& place(json value) {
    if (depth_ == 0) return parts_.parsed = std::move(value);
    json& parent = *open_.back();
    if (!parent.is_array()) return parent[key_] = std::move(value);
    parent.push_back(std::move(value));
    return parent.back();
  }

  bool scalar(json value) {
    if (in_list()) return flawed_piece();
    if (is_kept()) place(std::move(value));
    return true;
  }
  template <typename Number>
  bool number(Number value) {
    if (!in_list()) return scalar(value);
    if (depth_ != kEntryDepth || values_ != 1) return flawed_piece();
    parts_.pieces.back().score = static_cast<double>(value);
    ++values_;
    return true;
  }
  bool open(json value) {
    if (is_kept()) open_.push_back(&place(std::move(value)));
    return ++depth_ <= kMaxDepth;
  }
  bool close() {
    --depth_;
    if (is_kept()) open_.pop_back();
    return true;
  }

  TokenizerJsonParts parts_;
  std::vector<json*> open_;  // the kept objects and arrays around the place that is read
  size_t depth_ = 0;
  std::string key_;
  std::string member_;  // of the file's object
  bool is_needed_ = false;
  size_t list_depth_ = 0;  // of the list of pieces, where it is being read
  int values_ = 0;         // of the entry that is read
  bool has_flawed_piece_ = false;
};

}  // namespace

TokenizerJsonParts parse_tokenizer_json_parts(const VocabularyFile& file) {
  const std::string remedy = "download the tokenizer files again";
  PartsReader reader;
  const bool is_whole = json::sax_parse(file.text, &reader);
  if (reader.has_flawed_piece()) {
    throw Error(ErrorKind::kModel, "tokenizer.json has a piece that is not a text with a score", file.path,
                remedy);
  }
  TokenizerJsonParts parts = reader.take();
  if (!is_whole || !parts.parsed.is_object())
    throw Error(ErrorKind::kModel, "not a JSON object of a tokenizer", file.path, remedy);
  return parts;
}

}  // namespace kiloword
