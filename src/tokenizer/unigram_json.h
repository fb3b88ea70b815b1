#pragma once

#include <memory>
#include <string>

#include "kiloword/tokenizer/tokenizer.h"
#include "tokenizer/tokenizer_json_parts.h"

namespace kiloword {

/// The tokenizer of a tokenizer.json with a Unigram model, `parts`: kiloword's own where texts are split at
/// white space first, else SentencePiece's library on the same pieces, character map and treatment of spaces.
/// Throws Error(kModel) with `path` for what is ill-formed or not supported.
std::unique_ptr<Tokenizer> parse_unigram_json(TokenizerJsonParts parts, const std::string& path);

}  // namespace kiloword
