#pragma once

#include <string_view>
#include <vector>

namespace kiloword {

/// The words that BPE works on, as views into `text`, which is valid UTF-8. Together they are all of `text`
/// for GPT-2; CLIP's leave out white space.

/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+` (GPT-2, `encoder.py`).
std::vector<std::string_view> split_gpt2_words(std::string_view text);

/// The same, with every number character (`\p{N}`) a word of its own first (SmolLM2: tokenizers' Digits
/// before GPT-2's pattern).
std::vector<std::string_view> split_gpt2_words_and_digits(std::string_view text);

/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
/// ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+` (Llama 3, after OpenAI's cl100k), with words of at most
/// `digits` number characters: Llama 3 has 3, Qwen2 and Qwen3 have 1.
std::vector<std::string_view> split_llama3_words(std::string_view text, int digits);

/// `<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+` on
/// text that is lower-case already; ignoring case in CLIP's `simple_tokenizer.py`; not in
/// transformers' CLIPTokenizer, which splits once more with GPT-2's pattern, so that the first two never
/// match.
std::vector<std::string_view> split_clip_words(std::string_view text, bool ignore_case);

}  // namespace kiloword
