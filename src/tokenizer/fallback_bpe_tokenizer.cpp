#include "tokenizer/fallback_bpe_tokenizer.h"

#include <initializer_list>
#include <utility>

#include "kiloword/base/utf8.h"
#include "tokenizer/bpe_merger.h"
#include "tokenizer/character_classes.h"
#include "tokenizer/checked_text.h"
#include "tokenizer/replace_all.h"

namespace kiloword {
namespace {

constexpr size_t kMaxTextMib = 16;
constexpr std::string_view kSpace = "\u2581";

/// The first of `names` that the vocabulary has, or -1.
int32_t find_first(const BpeVocabulary& vocabulary, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const int32_t id = vocabulary.find(name); id >= 0) return id;
  }
  return -1;
}

}  // namespace

FallbackBpeTokenizer::FallbackBpeTokenizer(BpeVocabulary vocabulary, const FallbackBpeRules& rules)
    : vocabulary_(std::move(vocabulary)),
      lower_(rules.lower),
      begins_with_space_(rules.begin_with_space),
      is_special_(static_cast<size_t>(vocabulary_.size())),
      start_id_(find_first(vocabulary_, {"<bos>", "<s>"})),
      end_id_(find_first(vocabulary_, {"<eos>", "</s>"})) {
  for (const FallbackBpeRules::Added& added : rules.added) {
    const int32_t id = vocabulary_.find(added.piece);
    if (id < 0 || added.piece.empty()) continue;
    if (added.special) {
      is_special_[static_cast<size_t>(id)] = true;
    } else if (added.normalized) {
      added_.normalized.add(normalize(added.piece), id);
    } else {
      added_.as_given.add(added.piece, id);
    }
  }
}

std::string FallbackBpeTokenizer::normalize(std::string_view text) const {
  const std::string visible = replace_all(lower_ ? lower_each(text) : std::string(text), " ", kSpace);
  return begins_with_space_ ? std::string(kSpace) + visible : visible;
}

/// The ids of single characters, and of the bytes of those that are no piece.
std::vector<int32_t> FallbackBpeTokenizer::spell(std::string_view text) const {
  std::vector<int32_t> ids;
  ids.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, decode_utf8(text, at).length);
    const int32_t id = vocabulary_.find(character);
    if (id >= 0) {
      ids.push_back(id);
    } else {
      for (const char byte : character) ids.push_back(vocabulary_.byte_id(static_cast<uint8_t>(byte)));
    }
    at += character.size();
  }
  return ids;
}

std::vector<int32_t> FallbackBpeTokenizer::encode(std::string_view text) const {
  BpeMerger merger(vocabulary_);
  const std::string valid = checked_text(text, kMaxTextMib);
  return added_.encode(
      valid, [this](std::string_view given) { return normalize(given); },
      [this, &merger](std::string_view normal, std::vector<int32_t>& ids) {
        merger.append_merged(spell(normal), ids);
      });
}

std::string FallbackBpeTokenizer::decode(const std::vector<int32_t>& ids) const {
  std::string bytes;
  for (const int32_t id : ids) {
    if (!vocabulary_.contains(id) || is_special_[static_cast<size_t>(id)]) continue;
    const int byte = vocabulary_.fallback_byte(id);
    if (byte >= 0) {
      bytes += static_cast<char>(byte);
    } else {
      bytes += vocabulary_.piece(id);
    }
  }
  std::string text = replace_all(to_valid_utf8(bytes), kSpace, " ");
  if (begins_with_space_ && !text.empty() && text.front() == ' ') text.erase(0, 1);
  return text;
}

std::string FallbackBpeTokenizer::piece(int32_t id) const {
  return vocabulary_.contains(id) ? vocabulary_.piece(id) : std::string();
}

}  // namespace kiloword
