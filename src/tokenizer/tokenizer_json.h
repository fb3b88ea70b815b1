#pragma once

#include <memory>

#include "kiloword/tokenizer/tokenizer.h"
#include "tokenizer/bpe_tokenizer.h"
#include "tokenizer/bpe_vocabulary_parser.h"

namespace kiloword {

/// Hugging Face's `tokenizer.json` of a BPE model: byte-level in CLIP's flavour or GPT-2's, where what the
/// file says of normalising and splitting is not read where the flavour fixes both; or SentencePiece's kind
/// with byte fallback (Gemma, SigLIP 2, Llama). Throws Error(kModel) with the file's name for what is
/// ill-formed or not supported. The files beside it (`settings`) may name further tokens of CLIP's flavour.
std::unique_ptr<Tokenizer> parse_tokenizer_json(const VocabularyFile& file, ClipTextRules rules,
                                                const TokenizerSettings& settings);

}  // namespace kiloword
