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

/// Hugging Face's pair of files: `vocab` is a JSON object from piece to id, `merges` has one merge per line
/// after an optional `#version` line; `added` may number further pieces. The flavour is flavour_of() the
/// pieces. Throws Error(kModel).
BpeVocabulary parse_hugging_face_vocabulary(const VocabularyFile& vocab, const VocabularyFile& merges,
                                            const std::vector<AddedToken>& added);

/// OpenAI's `bpe_simple_vocab_16e6.txt`, decompressed: a header line, then merges, of which the first 48894
/// are used. The vocabulary is 256 bytes, 256 bytes with `</w>`, the merged pieces, `<|startoftext|>`,
/// `<|endoftext|>`. Throws Error(kModel).
BpeVocabulary parse_openai_clip_vocabulary(const VocabularyFile& file);

/// The pieces of `entries` by id; ids must be 0 .. n-1, each once. Throws Error(kModel) at `path`.
std::vector<std::string> pieces_by_id(std::vector<std::pair<std::string, uint64_t>>&& entries,
                                      const std::string& path);

/// Appends those of `added` that are not yet pieces: first numbered ones, as long as their number is the next
/// id, then those without a number, in order.
void append_missing(std::vector<AddedToken> added, std::vector<std::string>& pieces);

/// CLIP's if a piece ends in `</w>`, else GPT-2's.
BpeFlavour flavour_of(const std::vector<std::string>& pieces);

}  // namespace kiloword
