#pragma once

#include <string_view>
#include <vector>

namespace kiloword {

/// The words that BPE works on, as views into `text`, which is valid UTF-8. Together they are all of `text`
/// for GPT-2; CLIP's leave out white space.

/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+` (GPT-2, `encoder.py`).
std::vector<std::string_view> split_gpt2_words(std::string_view text);

/// `<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+` on
/// text that is lower-case already; ignoring case in CLIP's `simple_tokenizer.py`; not in
/// transformers' CLIPTokenizer, which splits once more with GPT-2's pattern, so that the first two never
/// match.
std::vector<std::string_view> split_clip_words(std::string_view text, bool ignore_case);

}  // namespace kiloword
