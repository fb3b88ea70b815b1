#pragma once

#include <memory>

#include "kiloword/tokenizer/tokenizer.h"
#include "tokenizer/bpe_tokenizer.h"
#include "tokenizer/bpe_vocabulary_parser.h"

namespace kiloword {

/// Reads Hugging Face's `tokenizer.json`. BPE models are byte-level in CLIP's or GPT-2's flavour, whose
/// settings of normalisation and splitting are ignored if the flavour fixes both; or SentencePiece-style with
/// byte fallback (Gemma, SigLIP 2, Llama). Throws Error(kModel), naming the file, if it is ill-formed or
/// unsupported. The files next to it (`settings`) may define further tokens for CLIP's flavour.
std::unique_ptr<Tokenizer> parse_tokenizer_json(const VocabularyFile& file, ClipTextRules rules,
                                                const TokenizerSettings& settings);

}  // namespace kiloword
