#pragma once

#include "tokenizer/unigram_tokenizer.h"
#include "tokenizer/vocabulary_file.h"

namespace kiloword {

/// Reads the SentencePiece model `file` with the ids of XLM-R's networks (fairseq's): `<s>` 0, `<pad>` 1,
/// `</s>` 2, `<unk>` 3, one more than its own id for every other piece, and `<mask>` at the end. Throws
/// Error(kModel) for any other file.
UnigramVocabulary read_xlm_vocabulary(const VocabularyFile& file);

}  // namespace kiloword
