#pragma once

#include <string_view>
#include <vector>

namespace kiloword {

/// Split `text`, which must be valid UTF-8, into the words that BPE merges, as views into it. For GPT-2, they
/// cover all of `text`; CLIP's omit white space.

/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+` (GPT-2, `encoder.py`).
std::vector<std::string_view> split_gpt2_words(std::string_view text);

/// The same, after making every number character (`\p{N}`) a word (SmolLM2: Digits of tokenizers before
/// GPT-2's pattern).
std::vector<std::string_view> split_gpt2_words_and_digits(std::string_view text);

/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r
/// \p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r
/// ]*|\s*[\r
/// ]+|\s+(?!\S)|\s+` (Llama 3, after OpenAI's cl100k), with at most `digits` number characters per word: 3
/// for Llama 3, 1 for Qwen2 and Qwen3.
std::vector<std::string_view> split_llama3_words(std::string_view text, int digits);

/// `<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+` on
/// lower-case text. `ignore_case` is true for CLIP's `simple_tokenizer.py` and false for transformers'
/// CLIPTokenizer, which splits again with GPT-2's pattern, so that the first two alternatives never match.
std::vector<std::string_view> split_clip_words(std::string_view text, bool ignore_case);

}  // namespace kiloword
