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

/// The parts of a tokenizer.json that are used.
struct TokenizerJsonParts {
  /// The file's object, without unused members. If `model.vocab` is a list, it is empty here.
  nlohmann::json parsed;
  bool has_piece_list = false;  ///< whether `model.vocab` is a list
  std::vector<ScoredPiece> pieces;
};

/// Reads `file` in one pass, without building a JSON tree for a list of pieces, which may have a million
/// entries. Throws Error(kModel) if it is not a JSON object, is nested too deeply, or has a piece that is not
/// a text with a score.
TokenizerJsonParts parse_tokenizer_json_parts(const VocabularyFile& file);

}  // namespace kiloword
