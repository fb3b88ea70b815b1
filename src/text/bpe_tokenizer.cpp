#include "text/bpe_tokenizer.h"

#include <algorithm>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "text/bpe_merger.h"
#include "text/byte_alphabet.h"
#include "text/character_classes.h"
#include "text/checked_text.h"
#include "text/html_entities.h"
#include "text/replace_all.h"
#include "text/word_splitter.h"

namespace kiloword {
namespace {

constexpr size_t kMaxTextMib = 16;
constexpr std::string_view kStartOfText = "<|startoftext|>";
constexpr std::string_view kEndOfText = "<|endoftext|>";

}  // namespace

BpeTokenizer::BpeTokenizer(BpeVocabulary vocabulary, const std::string& where)
    : vocabulary_(std::move(vocabulary)) {
  end_id_ = vocabulary_.find(kEndOfText);
  if (vocabulary_.flavour() == BpeFlavour::kGpt2) return;
  start_id_ = vocabulary_.find(kStartOfText);
  if (start_id_ < 0 || end_id_ < 0) {
    throw Error(ErrorKind::kModel,
                "vocabulary lacks the piece '" + std::string(start_id_ < 0 ? kStartOfText : kEndOfText) + "'",
                where, "take the tokenizer files that belong to the model");
  }
}

std::vector<int32_t> BpeTokenizer::encode(std::string_view text) const {
  const std::string valid = checked_text(text, kMaxTextMib);
  if (vocabulary_.flavour() == BpeFlavour::kClip) return encode_clip(valid);
  std::vector<int32_t> ids;
  BpeMerger merger(vocabulary_);
  for (const std::string_view word : split_gpt2_words(valid)) merger.append_ids(word, ids);
  return ids;
}

std::vector<int32_t> BpeTokenizer::encode_clip(std::string_view text) const {
  const std::string unescaped = unescape_html(unescape_html(text));
  const std::string collapsed = collapse_white_space(strip(unescaped));
  const std::string lower = to_lower(strip(collapsed));
  std::vector<int32_t> ids;
  BpeMerger merger(vocabulary_);
  for (const std::string_view word : split_clip_words(lower)) {
    if (word == kStartOfText) {
      ids.push_back(start_id_);
    } else if (word == kEndOfText) {
      ids.push_back(end_id_);
    } else {
      merger.append_ids(word, ids);
    }
  }
  return ids;
}

std::string BpeTokenizer::decode(const std::vector<int32_t>& ids) const {
  std::string bytes;
  for (const int32_t id : ids) {
    if (vocabulary_.contains(id)) bytes += spelled_bytes(vocabulary_.piece(id));
  }
  std::string text = to_valid_utf8(bytes);
  return vocabulary_.flavour() == BpeFlavour::kClip ? replace_all(text, kEndOfWord, " ") : text;
}

std::string BpeTokenizer::piece(int32_t id) const {
  return vocabulary_.contains(id) ? vocabulary_.piece(id) : std::string();
}

}  // namespace kiloword
