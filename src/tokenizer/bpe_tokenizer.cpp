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

/// transformers would treat texts by the rules of another class.
void require_known_class(const TokenizerSettings& settings) {
  for (const char* known :
       {"", "CLIPTokenizer", "CLIPTokenizerFast", "PreTrainedTokenizerFast", "TokenizersBackend"}) {
    if (settings.class_name == known) return;
  }
  throw Error(ErrorKind::kModel,
              "tokenizer_class is " + quoted_piece(settings.class_name) +
                  ", which is not supported with a vocabulary of CLIP's kind",
              settings.path, "use another model (docs/models.md lists what is supported)");
}

TextCleaning cleaning_of(ClipTextRules rules) {
  switch (rules) {
    case ClipTextRules::kOpenAiCased:
      return TextCleaning::kRepairedCased;
    case ClipTextRules::kOpenAiCanonical:
      return TextCleaning::kRepairedCanonical;
    default:
      return TextCleaning::kRepaired;
  }
}

}  // namespace

BpeTokenizer::BpeTokenizer(BpeVocabulary vocabulary, const std::string& where, ClipTextRules rules,
                           const TokenizerSettings& settings, ByteLevelRules byte_level)
    : vocabulary_(std::move(vocabulary)), rules_(rules), byte_level_(std::move(byte_level)) {
  if (vocabulary_.flavour() == BpeFlavour::kClip) {
    find_clip_ends(settings, where);
  } else {
    end_id_ = vocabulary_.find(kEndOfText);
    start_id_ = byte_level_.start_token.empty() ? -1 : vocabulary_.find(byte_level_.start_token);
    if (start_id_ < 0 && !byte_level_.start_token.empty()) {
      throw Error(ErrorKind::kModel,
                  "vocabulary lacks the start token " + quoted_piece(byte_level_.start_token), where,
                  "take the tokenizer files that belong to the model");
    }
  }
  add_tokens(settings);
}

void BpeTokenizer::find_clip_ends(const TokenizerSettings& settings, const std::string& where) {
  const auto id_of = [&](const std::string& name, std::string_view usual) {
    const std::string_view piece = name.empty() ? usual : std::string_view(name);
    const int32_t id = vocabulary_.find(piece);
    if (id < 0) {
      throw Error(ErrorKind::kModel, "vocabulary lacks the piece '" + std::string(piece) + "'", where,
                  "take the tokenizer files that belong to the model");
    }
    return id;
  };
  require_known_class(settings);
  start_id_ = id_of(settings.start, kStartOfText);
  end_id_ = id_of(settings.end, kEndOfText);
}

void BpeTokenizer::add_tokens(const TokenizerSettings& settings) {
  const std::vector<AddedToken>& added = settings.added;
  const bool clip = vocabulary_.flavour() == BpeFlavour::kClip;
  const auto names = [&added](std::string_view content) {
    return std::any_of(added.begin(), added.end(),
                       [content](const AddedToken& token) { return token.content == content; });
  };
  if (clip && !settings.special_are_text) {
    for (const int32_t own : {start_id_, end_id_}) {
      if (!names(vocabulary_.piece(own))) added_.as_given.add(vocabulary_.piece(own), own);
    }
  }
  for (const AddedToken& token : added) {
    const int32_t id = vocabulary_.find(token.content);
    if (id < 0 || token.content.empty()) continue;
    if (token.special && (!clip || settings.special_are_text)) continue;
    if (!token.normalized) {
      added_.as_given.add(token.content, id, token.reach);
    } else if (std::string content = normalize(token.content); !content.empty()) {
      added_.normalized.add(std::move(content), id, token.reach);
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
  if (vocabulary_.flavour() == BpeFlavour::kClip && rules_ != ClipTextRules::kTransformers)
    return encode_openai_clip(valid);
  BpeMerger merger(vocabulary_);
  return added_.encode(
      valid, [this](std::string_view given) { return normalize(given); },
      [this, &merger](std::string_view normal, std::vector<int32_t>& ids) {
        for (const std::string_view word : split(normal)) {
          if (const int32_t id = whole_word(word); id >= 0) {
            ids.push_back(id);
          } else {
            merger.append_ids(word, ids);
          }
        }
      });
}

std::vector<int32_t> BpeTokenizer::encode_openai_clip(std::string_view text) const {
  const std::string clean = clean_text(text, cleaning_of(rules_));
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
