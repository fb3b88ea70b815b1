#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenizer/added_tokens.h"
#include "tokenizer/bpe_vocabulary.h"
#include "tokenizer/vocabulary_file.h"

namespace kiloword {

/// Hugging Face's pair of files: `vocab` is a JSON object of piece to id, `merges` has one merge a line after
/// an optional `#version` line; `added` may number further pieces. CLIP's flavour when a piece ends in
/// `</w>`. Throws Error(kModel).
BpeVocabulary parse_hugging_face_vocabulary(const VocabularyFile& vocab, const VocabularyFile& merges,
                                            const std::vector<AddedToken>& added);

/// OpenAI's `bpe_simple_vocab_16e6.txt`, unpacked: a header line, then merges, of which the first 48894
/// count. The vocabulary is 256 bytes, 256 bytes with `</w>`, the merged pieces, `<|startoftext|>`,
/// `<|endoftext|>`. Throws Error(kModel).
BpeVocabulary parse_openai_clip_vocabulary(const VocabularyFile& file);

/// Pieces by id; `entries` must number them 0 .. n-1, each once. Throws Error(kModel) with `path`.
std::vector<std::string> pieces_by_id(std::vector<std::pair<std::string, uint64_t>>&& entries,
                                      const std::string& path);

/// Those of `added` that are no piece become the last pieces: the numbered ones whose number is the next,
/// then those without a number, in their order.
void append_missing(std::vector<AddedToken> added, std::vector<std::string>& pieces);

/// CLIP's where a piece ends in `</w>`, else GPT-2's.
BpeFlavour flavour_of(const std::vector<std::string>& pieces);

}  // namespace kiloword
