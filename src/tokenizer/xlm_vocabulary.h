#pragma once

#include "tokenizer/unigram_tokenizer.h"
#include "tokenizer/vocabulary_file.h"

namespace kiloword {

/// The vocabulary in `file`, a SentencePiece model with the numbers that XLM-R's networks have for its pieces
/// (fairseq's): `<s>` 0, `<pad>` 1, `</s>` 2, `<unk>` 3, every other piece one more than its own number, and
/// `<mask>` at the end. Throws Error(kModel) for another file.
UnigramVocabulary read_xlm_vocabulary(const VocabularyFile& file);

}  // namespace kiloword
