#include "tokenizer/bpe_tokenizer.h"

#include <algorithm>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "kiloword/tokenizer/cleaning_tokenizer.h"
#include "tokenizer/bpe_merger.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/character_classes.h"
#include "tokenizer/checked_text.h"
#include "tokenizer/repair_text.h"
#include "tokenizer/replace_all.h"
#include "tokenizer/word_splitter.h"

namespace kiloword {
namespace {

constexpr size_t kMaxTextMib = 16;
constexpr std::string_view kStartOfText = "<|startoftext|>";
constexpr std::string_view kEndOfText = "<|endoftext|>";

}  // namespace

BpeTokenizer::BpeTokenizer(BpeVocabulary vocabulary, const std::string& where, ClipTextRules rules,
                           const std::vector<AddedToken>& added, ByteLevelRules byte_level)
    : vocabulary_(std::move(vocabulary)), rules_(rules), byte_level_(std::move(byte_level)) {
  end_id_ = vocabulary_.find(kEndOfText);
  if (vocabulary_.flavour() == BpeFlavour::kGpt2) {
    start_id_ = byte_level_.start_token.empty() ? -1 : vocabulary_.find(byte_level_.start_token);
    if (start_id_ < 0 && !byte_level_.start_token.empty()) {
      throw Error(ErrorKind::kModel,
                  "vocabulary lacks the start token " + quoted_piece(byte_level_.start_token), where,
                  "take the tokenizer files that belong to the model");
    }
    add_tokens(added);
    return;
  }
  start_id_ = vocabulary_.find(kStartOfText);
  if (start_id_ < 0 || end_id_ < 0) {
    throw Error(ErrorKind::kModel,
                "vocabulary lacks the piece '" + std::string(start_id_ < 0 ? kStartOfText : kEndOfText) + "'",
                where, "take the tokenizer files that belong to the model");
  }
  add_tokens(added);
}

void BpeTokenizer::add_tokens(const std::vector<AddedToken>& added) {
  const bool clip = vocabulary_.flavour() == BpeFlavour::kClip;
  const auto names = [&added](std::string_view content) {
    return std::any_of(added.begin(), added.end(),
                       [content](const AddedToken& token) { return token.content == content; });
  };
  for (const std::string_view own : {kStartOfText, kEndOfText}) {
    if (clip && !names(own)) as_given_.add(std::string(own), vocabulary_.find(own));
  }
  for (const AddedToken& token : added) {
    const int32_t id = vocabulary_.find(token.content);
    if (id < 0 || token.content.empty() || (token.special && !clip)) continue;
    if (!token.normalized) {
      as_given_.add(token.content, id, token.reach);
    } else if (std::string content = normalize(token.content); !content.empty()) {
      normalized_.add(std::move(content), id, token.reach);
    }
  }
}

std::string BpeTokenizer::normalize(std::string_view text) const {
  if (vocabulary_.flavour() == BpeFlavour::kGpt2)
    return byte_level_.compose ? compose(text) : std::string(text);
  return lower_each(collapse_white_space(compose(text)));
}

std::vector<std::string_view> BpeTokenizer::split(std::string_view normal) const {
  if (vocabulary_.flavour() == BpeFlavour::kClip) return split_clip_words(normal, /*ignore_case=*/false);
  switch (byte_level_.words) {
    case WordPattern::kGpt2AndDigits:
      return split_gpt2_words_and_digits(normal);
    case WordPattern::kLlama3:
      return split_llama3_words(normal, 3);
    case WordPattern::kQwen:
      return split_llama3_words(normal, 1);
    default:
      return split_gpt2_words(normal);
  }
}

int32_t BpeTokenizer::whole_word(std::string_view word) const {
  if (!byte_level_.whole_words) return -1;
  std::string spelled;
  for (const char byte : word) spelled += byte_spelling(static_cast<uint8_t>(byte));
  return vocabulary_.find(spelled);
}

std::vector<int32_t> BpeTokenizer::encode(std::string_view text) const {
  const std::string valid = checked_text(text, kMaxTextMib);
  if (vocabulary_.flavour() == BpeFlavour::kClip && rules_ == ClipTextRules::kOpenAi)
    return encode_openai_clip(valid);
  std::vector<int32_t> ids;
  BpeMerger merger(vocabulary_);
  for (const AddedPieces::Part& given : as_given_.split(valid)) {
    if (given.id >= 0) {
      ids.push_back(given.id);
      continue;
    }
    const std::string normal = normalize(given.text);
    for (const AddedPieces::Part& part : normalized_.split(normal)) {
      if (part.id >= 0) {
        ids.push_back(part.id);
        continue;
      }
      for (const std::string_view word : split(part.text)) {
        if (const int32_t id = whole_word(word); id >= 0) {
          ids.push_back(id);
        } else {
          merger.append_ids(word, ids);
        }
      }
    }
  }
  return ids;
}

std::vector<int32_t> BpeTokenizer::encode_openai_clip(std::string_view text) const {
  const std::string clean = clean_text(text, TextCleaning::kRepaired);
  std::vector<int32_t> ids;
  BpeMerger merger(vocabulary_);
  for (const std::string_view word : split_clip_words(clean, /*ignore_case=*/true)) {
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
