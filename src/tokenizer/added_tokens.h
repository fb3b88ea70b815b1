#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tokenizer/added_pieces.h"
#include "tokenizer/vocabulary_file.h"

namespace kiloword {

/// A token that is looked for in texts before anything else, as Hugging Face's files describe it.
struct AddedToken {
  static constexpr int64_t kUnnumbered = -1;

  std::string content;
  int64_t id = kUnnumbered;  ///< of its piece; kUnnumbered: it is a piece of the vocabulary
  bool normalized = false;   ///< looked for in the text as the tokenizer changes it, not as it was given
  bool special = false;      ///< one of the model's own marks: the start, the end, padding
  AddedPieces::Reach reach;
};

/// One entry of `added_tokens` of tokenizer.json or of `added_tokens_decoder` of tokenizer_config.json;
/// without content where it has none.
AddedToken read_added_token(const nlohmann::json& entry);

/// The files beside a vocab.json that name tokens; one that is not there is empty.
struct AddedTokenFiles {
  VocabularyFile settings;  ///< tokenizer_config.json
  VocabularyFile special;   ///< special_tokens_map.json
  VocabularyFile numbered;  ///< added_tokens.json
};

/// The settings beside a vocabulary.
struct TokenizerSettings {
  /// `added_tokens_decoder` of the settings, else the numbered ones, then those that are only called special,
  /// in the order in which transformers gives numbers to those that are no pieces yet.
  std::vector<AddedToken> added;
  std::string start;              ///< `bos_token`; empty: none is named
  std::string end;                ///< `eos_token`; empty: none is named
  bool starts_texts = false;      ///< `add_bos_token`: `start` stands before every text (OPT)
  bool special_are_text = false;  ///< `split_special_tokens`: special tokens are not looked for in texts
  std::string class_name;         ///< `tokenizer_class`; empty: none is named
  std::string path;               ///< of tokenizer_config.json
};

/// Throws Error(kModel) for a file that is no JSON object.
TokenizerSettings parse_tokenizer_settings(const AddedTokenFiles& files);

}  // namespace kiloword
