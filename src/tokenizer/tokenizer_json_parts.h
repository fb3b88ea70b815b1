#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tokenizer/vocabulary_file.h"

namespace kiloword {

/// A piece of a Unigram vocabulary.
struct ScoredPiece {
  std::string text;
  double score;
};

/// What is needed of a tokenizer.json.
struct TokenizerJsonParts {
  /// The file's object, without members that are not needed. A list `model.vocab` is empty here.
  nlohmann::json parsed;
  bool has_piece_list = false;  ///< whether `model.vocab` is a list
  std::vector<ScoredPiece> pieces;
};

/// Reads `file` in one pass that keeps no tree of a list of pieces, of which there may be a million. Throws
/// Error(kModel) for what is no JSON object, is nested too deeply, or has a piece that is not a text with a
/// score.
TokenizerJsonParts parse_tokenizer_json_parts(const VocabularyFile& file);

}  // namespace kiloword
