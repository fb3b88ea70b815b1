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

/// The added tokens that `files` name: `added_tokens_decoder` of the settings, else the numbered ones and
/// those that the settings and the map call special. Throws Error(kModel) for a file that is no JSON object.
std::vector<AddedToken> parse_added_tokens(const AddedTokenFiles& files);

/// The token that stands before every text by `files` (`add_bos_token` of the settings: OPT); empty where
/// none does. Throws likewise.
std::string parse_start_token(const AddedTokenFiles& files);

}  // namespace kiloword
