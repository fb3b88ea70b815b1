#pragma once

#include <filesystem>

#include "text/bpe_vocabulary.h"

namespace kiloword {

/// Hugging Face's pair of files: `vocab_path` is a JSON object of piece to id, `merges_path` has one merge a
/// line after an optional `#version` line. CLIP's flavour when a piece ends in `</w>`. Throws Error(kModel).
BpeVocabulary read_hugging_face_vocabulary(const std::filesystem::path& vocab_path,
                                           const std::filesystem::path& merges_path);

/// OpenAI's `bpe_simple_vocab_16e6.txt.gz`: a header line, then merges, of which the first 48894 count. The
/// vocabulary is 256 bytes, 256 bytes with `</w>`, the merged pieces, `<|startoftext|>`, `<|endoftext|>`.
/// Throws Error(kModel).
BpeVocabulary read_openai_clip_vocabulary(const std::filesystem::path& path);

}  // namespace kiloword
