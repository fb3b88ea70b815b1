#pragma once

#include <memory>
#include <string>

#include "kiloword/tokenizer/tokenizer.h"
#include "tokenizer/tokenizer_json_parts.h"

namespace kiloword {

/// The tokenizer of `parts`, a tokenizer.json with a Unigram model: UnigramTokenizer if texts are first split
/// at white space, else the sentencepiece library with the same pieces, character map and treatment of
/// spaces. Throws Error(kModel) at `path` if it is ill-formed or unsupported.
std::unique_ptr<Tokenizer> parse_unigram_json(TokenizerJsonParts parts, const std::string& path);

}  // namespace kiloword
