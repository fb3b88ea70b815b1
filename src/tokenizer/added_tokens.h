#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tokenizer/added_pieces.h"
#include "tokenizer/vocabulary_file.h"

namespace kiloword {

/// An added token, as Hugging Face's files describe it.
struct AddedToken {
  static constexpr int64_t kUnnumbered = -1;

  std::string content;
  int64_t id = kUnnumbered;  ///< of its piece; kUnnumbered: its piece is in the vocabulary
  bool normalized = false;   ///< matches the normalised text, not the original
  bool special = false;      ///< a special token: start, end, padding ...
  AddedPieces::Reach reach;
};

/// Reads an entry of `added_tokens` in tokenizer.json or of `added_tokens_decoder` in tokenizer_config.json;
/// `content` is empty if missing.
AddedToken read_added_token(const nlohmann::json& entry);

/// The files next to a vocab.json that define tokens; a missing file is empty.
struct AddedTokenFiles {
  VocabularyFile settings;  ///< tokenizer_config.json
  VocabularyFile special;   ///< special_tokens_map.json
  VocabularyFile numbered;  ///< added_tokens.json
};

/// The settings of a vocabulary.
struct TokenizerSettings {
  /// `added_tokens_decoder` of the settings, else the numbered tokens; then tokens that are only listed as
  /// special, in the order in which transformers numbers those that are not yet in the vocabulary.
  std::vector<AddedToken> added;
  std::string start;              ///< `bos_token`; empty: none
  std::string end;                ///< `eos_token`; empty: none
  bool starts_texts = false;      ///< `add_bos_token`: every text begins with `start` (OPT)
  bool special_are_text = false;  ///< `split_special_tokens`: special tokens do not match in texts
  std::string class_name;         ///< `tokenizer_class`; empty: none
  std::string path;               ///< of tokenizer_config.json
};

/// Throws Error(kModel) for a file that is not a JSON object.
TokenizerSettings parse_tokenizer_settings(const AddedTokenFiles& files);

}  // namespace kiloword
